import json
from pathlib import Path

import pytest

from ganstudio.gui.settings import Settings, SettingsError, SettingsStore


def test_what_was_set_is_there_at_the_next_start(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    store = SettingsStore(path)
    store.update(theme="light", folder="/pictures", layouts=(("explore", "AAAA"),))
    store.add_recent(Path("/a.safetensors"))
    store.add_recent(Path("/b.safetensors"))
    store.add_recent(Path("/a.safetensors"))
    store.save()
    again = SettingsStore(path)
    assert again.values == store.values
    assert again.values.recent == ("/a.safetensors", "/b.safetensors")
    assert again.warning is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b'{"schema": 99}',
        b'{"schema": 1, "theme": "plaid"}',
        b'{"schema": 1, "recent": 5}',
        b'{"schema": 1, "recent": [5]}',
        b'{"schema": 1, "layouts": [["explore"]]}',
        b'{"schema": 1, "geometry": 7}',
        b"[" * 100_000,
    ],
)
def test_a_garbled_file_gives_the_defaults_one_warning_and_is_kept(
    qapp: object, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    store = SettingsStore(path)
    assert store.values == Settings()
    assert store.warning is not None
    assert len(caplog.records) == 1
    assert (tmp_path / "settings.damaged.json").read_bytes() == content
    store.update(theme="light")
    store.save()
    assert json.loads(path.read_text(encoding="utf-8"))["theme"] == "light"


def test_a_missing_file_is_no_reason_to_warn(qapp: object, tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    assert store.values == Settings()
    assert store.warning is None


def test_an_unknown_setting_of_a_newer_program_is_left_alone(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"schema": 1, "theme": "light", "haptics": true}', encoding="utf-8")
    assert SettingsStore(path).values.theme == "light"


def test_a_wrong_value_is_refused(qapp: object, tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    with pytest.raises(SettingsError):
        store.update(theme="plaid")
    assert store.values == Settings()


def test_a_folder_that_cannot_be_written_is_logged_not_raised(
    qapp: object, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = SettingsStore(tmp_path / "file" / "settings.json")
    store.update(theme="light")
    store.save()
    assert "not saved" in caplog.text
