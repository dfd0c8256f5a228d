from pathlib import Path

import pytest

from ganstudio.checkpoints import fingerprints
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.fingerprints import (
    FileHashed,
    Fingerprint,
    find_fingerprint,
    fingerprint_of,
    known_fingerprint,
)
from ganstudio.checkpoints.model_search import ModelSought, find_model


def found(path: Path, wanted: Fingerprint | None, *places: Path) -> ModelSought:
    *_, last = find_model(path, wanted, places)
    assert isinstance(last, ModelSought)
    return last


def test_a_fingerprint_is_found_once_and_again_when_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(b"a" * 9_000_000)
    assert known_fingerprint(path) is None
    events = list(find_fingerprint(path))
    assert [event.fraction for event in events if isinstance(event, FileHashed)] == pytest.approx(
        [0.466, 0.932, 1.0], abs=0.01
    )
    assert known_fingerprint(path) == fingerprint_of(path)
    assert len(list(find_fingerprint(path))) == 1
    path.write_bytes(b"b" * 9_000_000)
    assert known_fingerprint(path) is None
    assert fingerprint_of(path).size_bytes == 9_000_000


def test_a_note_that_is_garbled_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(b"a")
    right = fingerprint_of(path)
    for garbage in (b"", b"{", b"[]", b'{"path": 5}'):
        fingerprints._note(path).write_bytes(garbage)
        assert known_fingerprint(path) is None
        assert fingerprint_of(path) == right


def test_a_file_that_is_gone_or_written_meanwhile_has_no_fingerprint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError):
        fingerprint_of(tmp_path / "gone")
    path = tmp_path / "model.pkl"
    path.write_bytes(b"a" * 9_000_000)
    events = find_fingerprint(path)
    next(events)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(CheckpointError, match="written to"):
        list(events)


def test_a_model_that_moved_or_was_renamed_is_found_by_its_bytes(tmp_path: Path) -> None:
    old, folder = tmp_path / "old" / "model.pkl", tmp_path / "new"
    folder.mkdir()
    (folder / "model.pkl").write_bytes(b"b" * 100)  # the same name and size, another content
    (folder / "renamed.bin").write_bytes(b"a" * 100)
    wanted = fingerprint_of(folder / "renamed.bin")
    assert found(old, wanted, tmp_path / "nowhere", folder) == ModelSought(folder / "renamed.bin", "same")
    assert found(folder / "model.pkl", wanted, folder) == ModelSought(folder / "renamed.bin", "same")
    (folder / "renamed.bin").unlink()
    assert found(old, wanted, folder) == ModelSought(None, "gone")
    assert found(folder / "model.pkl", wanted, folder) == ModelSought(folder / "model.pkl", "other")


def test_a_model_of_which_nothing_is_known_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"a")
    assert found(tmp_path / "model.pkl", None) == ModelSought(tmp_path / "model.pkl", "unknown")
    assert found(tmp_path / "old" / "model.pkl", None, tmp_path) == ModelSought(tmp_path / "model.pkl", "by name")
    assert found(tmp_path / "old" / "other.pkl", None, tmp_path) == ModelSought(None, "gone")
