"""Where files go and how they are written: never half, never over a good one."""

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from ganstudio.errors import GanStudioError

TEMPORARY_PREFIX = ".ganstudio-"
TEMPORARY_SUFFIX = ".part"


class FileWriteError(GanStudioError):
    """A file could not be written; what stood under its name before still stands."""


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Replace `path` by what `write` writes, or leave it untouched.

    Writes a temporary file in the same folder, flushes it to the disk, renames it over `path` and flushes the folder:
    after a crash or a power cut either the old or the new file is there, whole.

    Raises:
        FileWriteError: The disk is full, the folder is gone or not writable.
    """
    with replaced(path) as temporary, temporary.open("r+b") as file:
        write(file)


def write_text_atomically(path: Path, text: str) -> None:
    """Replace `path` by `text` in UTF-8, as `write_atomically` does."""
    write_atomically(path, lambda file: file.write(text.encode("utf-8")))


@contextlib.contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give an empty temporary file beside `path`, which takes its place on the disk when the block ends well.

    When it does not, the temporary file is removed and whatever was there stays.

    Raises:
        FileWriteError: In the place of every OSError of the block: the disk is full, the folder not writable, gone.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=_own_prefix(), suffix=TEMPORARY_SUFFIX, dir=path.parent)
        os.close(handle)
        with _removed_after(Path(name)):
            yield Path(name)
            _sync_file(Path(name))
            Path(name).chmod(0o666 & ~_current_umask())  # mkstemp makes files that only their owner may read
            Path(name).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise FileWriteError(path, *explain_write_error(error)) from error


@contextlib.contextmanager
def replaced_folder(path: Path) -> Iterator[Path]:
    """Do the same with a folder; `path` must not be there, or be empty.

    Raises:
        FileWriteError: As for `replaced`.
    """
    try:
        temporary = Path(tempfile.mkdtemp(prefix=_own_prefix(), suffix=TEMPORARY_SUFFIX, dir=path.parent))
        with _removed_after(temporary):
            yield temporary
            for file in temporary.iterdir():
                _sync_file(file)
            temporary.chmod(0o777 & ~_current_umask())
            with contextlib.suppress(FileNotFoundError):
                path.rmdir()
            temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise FileWriteError(path, *explain_write_error(error)) from error


@contextlib.contextmanager
def _removed_after(temporary: Path) -> Iterator[None]:
    """Remove what is still there in the end."""
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if temporary.is_dir():
                shutil.rmtree(temporary)
            else:
                temporary.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _own_prefix() -> str:
    return f"{TEMPORARY_PREFIX}{os.getpid()}-"


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system can (POSIX)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_temporary(folder: Path) -> None:
    """Remove what interrupted writes left in `folder`."""
    for path in folder.glob(f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}"):
        with contextlib.suppress(OSError):
            path.unlink()


def sweep_abandoned(folder: Path) -> None:
    """Remove what writers that were killed left in a folder that others may be writing to; does nothing on Windows."""
    if os.name != "posix":
        return
    for path in folder.glob(f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}"):
        number = re.match(r"(\d+)-", path.name.removeprefix(TEMPORARY_PREFIX))
        if number and not _is_running(int(number[1])):
            with contextlib.suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


class FileLock:
    """A file that one process at a time can own; the system lets go of it when the process ends, however it does."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def take(cls, path: Path) -> "FileLock | None":
        """Own a file, which is made if it is not there; None where another owns it or it cannot be made."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError:
            return None
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return None
        return cls(handle)

    def release(self) -> None:
        """Let go of it."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __del__(self) -> None:
        self.release()


def _lock(handle: int) -> None:
    """Lock an open file or raise OSError, without waiting."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def user_data_dir() -> Path:
    """The folder for what the person made here (runs); `GANSTUDIO_HOME` moves all three."""
    return _user_dir("XDG_DATA_HOME", ".local/share", "data")


def user_cache_dir() -> Path:
    """The folder for what can be made again (prepared data sets, thumbnails)."""
    return _user_dir("XDG_CACHE_HOME", ".cache", "cache")


def user_settings_dir() -> Path:
    """The folder for settings and the last session."""
    return _user_dir("XDG_CONFIG_HOME", ".config", "settings")


def _user_dir(variable: str, fallback: str, under_home: str) -> Path:
    if home := os.environ.get("GANSTUDIO_HOME"):
        return Path(home) / under_home
    base = os.environ.get(variable, "")
    root = Path(base) if Path(base).is_absolute() else Path.home() / fallback
    return root / "ganstudio"


_UMASK = os.umask(0)  # can only be read by setting it, which is not safe once threads run
os.umask(_UMASK)


def _current_umask() -> int:
    return _UMASK


def explain_write_error(error: OSError) -> tuple[str, str]:
    """Say why something could not be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            "the disk is full, nothing was written",
            "free some space or choose another folder",
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "its folder is not there (any more)", "choose a folder that exists"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "the folder may not be written to", "choose another folder or change its permissions"
    return f"it could not be written ({error.strerror or error})", "choose another folder"
