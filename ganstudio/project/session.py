"""The session: what a person was working on, kept on the disk while they do, for the next start or after a kill.

Two generations are kept, `session.json` and `session.previous.json`, so that not even a file that the disk has spoiled
loses more than the last seconds. Each window owns one session by a lock that ends with its process; a second window
gets `session-2.json`. A session that a newer version has written is left to that version.
"""

import contextlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ganstudio.files import FileLock, sweep_temporary, user_data_dir, write_text_atomically
from ganstudio.project.file import (
    NewerProjectError,
    ProjectContent,
    ProjectFileError,
    from_json,
    read_object,
    to_json,
)
from ganstudio.project.state import Project

logger = logging.getLogger(__name__)

_MOST_WINDOWS = 9


@dataclass(frozen=True)
class Session:
    """What is kept.

    Attributes:
        content: The project, and which files its models are.
        file: The project file that it belongs to, or "".
        file_stamp: When that file was written, as it was known here.
        is_modified: Whether that file does not hold it as it is.
        is_closed: Whether the window was closed; otherwise it was killed, or still runs.
        saved_at: When it was written, as ISO 8601 with the zone; "" where that is not known.
    """

    content: ProjectContent
    file: str = ""
    is_modified: bool = False
    is_closed: bool = True
    saved_at: str = ""
    file_stamp: int = 0

    @property
    def project(self) -> Project:
        """What was being worked on."""
        return self.content.project


@dataclass(frozen=True)
class SessionPlace:
    """Where a window keeps its session, and what it found there.

    Attributes:
        path: Its file.
        session: What the last window left; None where there is nothing that can be read.
        notice: What a person must be told about it, or "".
        lock: Held as long as this value lives.
    """

    path: Path
    session: Session | None = None
    notice: str = ""
    lock: FileLock | None = field(default=None, repr=False)


def session_path() -> Path:
    """Where the first window keeps its session."""
    return user_data_dir() / "session.json"


def previous_path(path: Path) -> Path:
    """Where the generation before is kept."""
    return path.with_name(f"{path.stem}.previous{path.suffix}")


def write_session(path: Path, session: Session) -> None:
    """Write a session; the one that was there becomes the previous one.

    Raises:
        FileWriteError: The disk is full or the folder not writable; what was there stays.
    """
    with contextlib.suppress(OSError):  # writing tells why it fails
        path.parent.mkdir(parents=True, exist_ok=True)
    own = {
        "file": session.file,
        "is_modified": session.is_modified,
        "is_closed": session.is_closed,
        "file_stamp": session.file_stamp,
        "saved_at": session.saved_at or datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps({**to_json(session.project, session.content.models), "session": own})
    held = _hold(path)
    write_text_atomically(path, text)
    if held is not None:
        with contextlib.suppress(OSError):
            held.replace(previous_path(path))


def read_session(path: Path) -> Session:
    """Read a session; raises ProjectFileError, NewerProjectError for that of a newer version."""
    values = read_object(path)
    content, own = from_json(path, values), values.get("session", {})
    if not isinstance(own, Mapping):
        raise ProjectFileError(path, "what it says of the session is wrong", "use an older copy of it")
    return Session(content, *(_own(own, name, default) for name, default in _DEFAULTS))


_DEFAULTS: tuple[tuple[str, Any], ...] = (
    ("file", ""),
    ("is_modified", False),
    ("is_closed", True),
    ("saved_at", ""),
    ("file_stamp", 0),
)


def _own(values: Mapping[str, Any], name: str, default: Any) -> Any:
    """A value of the right type, else what stands for it: nothing about it is worth losing a session for."""
    value = values.get(name, default)
    return value if isinstance(value, type(default)) else default


def claim_session(folder: Path | None = None) -> SessionPlace:
    """Take the first session that no other window owns, and read what was left there.

    Never fails: what cannot be read is set aside with a notice, and where nothing can be locked (a folder that may not
    be written to) the session has no lock.
    """
    folder = folder or user_data_dir()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, _MOST_WINDOWS + 1):
        path = folder / (f"session-{number}.json" if number > 1 else "session.json")
        lock = FileLock.take(path.with_suffix(".lock"))
        if lock is None:
            continue
        try:
            return _claimed(path, lock)
        except NewerProjectError as error:
            logger.warning("The session is left alone: %s", error)
            lock.release()
    return SessionPlace(folder / f"session-{os.getpid()}.json")


def restore_session(path: Path | None = None) -> Project | None:
    """The project of a session; None, with a warning in the log, when there is none that can be read."""
    path = path or session_path()
    if not path.exists():
        return None
    try:
        return read_session(path).project
    except ProjectFileError as error:
        logger.warning("The last session is not restored: %s", error)
        return None


def _claimed(path: Path, lock: FileLock) -> SessionPlace:
    sweep_temporary(path.parent)
    errors: list[str] = []
    for place in (path, previous_path(path)):
        if not place.exists():
            continue
        try:
            session = read_session(place)
        except NewerProjectError:
            raise
        except ProjectFileError as error:
            logger.warning("The last session is not restored: %s", error)
            errors.append(f"{error.reason}. It is kept as {_set_aside(place)}")
            continue
        return SessionPlace(path, session, _say_recovered(session, errors), lock)
    notice = f"The last session could not be read: {errors[0]}" if errors else ""
    return SessionPlace(path, None, notice, lock)


def _say_recovered(session: Session, errors: list[str]) -> str:
    if errors:
        return f"The last session could not be read: {errors[0]}. The one before it is back{_say_when(session)}"
    if not session.is_closed:
        return f"GANStudio did not close properly. Your work is back as it was{_say_when(session)}"
    return ""


def _say_when(session: Session) -> str:
    try:
        moment = datetime.fromisoformat(session.saved_at).astimezone()
    except ValueError:
        return ""
    return f" at {moment:%H:%M:%S} on {moment:%-d %B}" if os.name == "posix" else f" at {moment:%H:%M:%S}"


def _set_aside(path: Path) -> str:
    aside = path.with_suffix(".damaged.json")
    try:
        return path.replace(aside).name
    except OSError:
        return path.name


def _hold(path: Path) -> Path | None:
    """Give what is there a second name, under which it stays when it is written over; None where that cannot be."""
    held = path.with_name(f".{path.name}.held")
    try:
        held.unlink(missing_ok=True)
        os.link(path, held)
    except OSError:  # nothing is there yet, or the disk has no links and keeps one generation
        return None
    return held
