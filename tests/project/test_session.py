"""The session on the disk: two generations, one owner, and nothing lost when a process is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ganstudio.files import FileWriteError
from ganstudio.project import edits
from ganstudio.project.file import ProjectContent, ProjectFileError
from ganstudio.project.session import (
    Session,
    claim_session,
    previous_path,
    read_session,
    session_path,
    write_session,
)
from ganstudio.project.state import Project


def session(seed: int, is_closed: bool = True) -> Session:
    return Session(ProjectContent(edits.set_seed(Project(), seed)), "/projects/a.ganstudio", True, is_closed)


def test_a_session_comes_back_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "session.json"
    write_session(path, session(5))
    found = read_session(path)
    assert (found.project, found.file, found.is_modified, found.is_closed) == (
        session(5).project, "/projects/a.ganstudio", True, True
    )  # fmt: skip
    assert found.saved_at


def test_the_generation_before_is_there_when_the_last_one_is_spoiled(own_home: Path) -> None:
    for seed in (1, 2, 3):
        write_session(session_path(), session(seed))
    session_path().write_bytes(session_path().read_bytes()[:100])
    place = claim_session()
    assert place.session is not None
    assert place.session.project.look.seed == 2
    assert "could not be read" in place.notice
    assert "session.damaged.json" in place.notice
    assert session_path().with_suffix(".damaged.json").exists()


def test_a_window_that_did_not_close_is_told(own_home: Path) -> None:
    write_session(session_path(), session(1, is_closed=False))
    assert "did not close properly" in claim_session().notice
    write_session(session_path(), session(1))
    assert claim_session().notice == ""


def test_a_second_window_has_a_session_of_its_own(own_home: Path) -> None:
    write_session(session_path(), session(1))
    first, second = claim_session(), claim_session()
    assert first.session is not None
    assert second.session is None
    assert first.path != second.path
    assert first.lock is not None
    first.lock.release()
    assert claim_session().path == first.path


def test_a_session_of_a_newer_version_is_left_alone(own_home: Path) -> None:
    session_path().parent.mkdir(parents=True)
    session_path().write_text(json.dumps({"format": "ganstudio-project", "schema": 9, "program": "GANStudio 9.0"}))
    before = session_path().read_bytes()
    place = claim_session()
    assert place.path != session_path()
    write_session(place.path, session(1))
    assert session_path().read_bytes() == before


def test_a_session_of_the_first_schema_comes_back(own_home: Path) -> None:
    session_path().parent.mkdir(parents=True)
    session_path().write_bytes((Path(__file__).parent / "stored" / "schema_1.json").read_bytes())
    place = claim_session()
    assert place.session is not None
    assert len(place.session.project.history) == 4
    assert place.notice == ""


@pytest.mark.parametrize("own", [5, {"file": 5}, {"is_modified": "x", "saved_at": None}])
def test_a_wrong_word_about_the_session_does_not_lose_the_project(tmp_path: Path, own: object) -> None:
    path = tmp_path / "session.json"
    write_session(path, session(5))
    path.write_text(json.dumps({**json.loads(path.read_text()), "session": own}))
    if own == 5:
        with pytest.raises(ProjectFileError):
            read_session(path)
    else:
        assert read_session(path).project == session(5).project


def test_nowhere_to_write_is_told_and_the_old_session_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "session.json"
    write_session(path, session(4))
    write_session(path, session(5))

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileWriteError, match="disk is full"):
        write_session(path, session(6))
    assert read_session(path).project == session(5).project
    assert read_session(previous_path(path)).project == session(4).project


def test_a_folder_that_cannot_be_made_gives_a_session_without_a_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GANSTUDIO_HOME", str(tmp_path / "file"))
    assert claim_session().session is None


def test_killed_at_any_moment_no_file_is_lost(tmp_path: Path) -> None:
    """A handful; two hundred are `tests/benchmarks/killing.py`."""
    from tests.project.killed_window import seeds_of

    told = tmp_path / "told.txt"
    environment = {**os.environ, "GANSTUDIO_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    last = -1
    for wait in (0.05, 0.12, 0.31):
        told.write_text("")
        process = subprocess.Popen([sys.executable, "-m", "tests.project.killed_window", str(told), "20"],
                                   env=environment, cwd=Path(__file__).parents[2])  # fmt: skip
        while not told.read_text():
            assert process.poll() is None
            time.sleep(0.01)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        place = claim_session(tmp_path / "data")
        assert place.lock is not None
        place.lock.release()
        applied, saved = seeds_of(told)
        if place.session is None:
            assert (saved, last) == (0, -1)  # killed before the first autosave was complete
            continue
        assert max(saved, last) <= place.session.project.look.seed <= max(applied, last)
        last = place.session.project.look.seed
