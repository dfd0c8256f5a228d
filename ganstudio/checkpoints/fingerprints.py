"""Which file a model is, whatever it is called and wherever it lies: the SHA-256 of its bytes.

Reading a large file takes seconds, so what was found is kept in the cache by path, size and time of writing, and
`find_fingerprint` is a generator that can be ended between chunks.
"""

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir, write_text_atomically

_CHUNK_BYTES = 4 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Fingerprint:
    """Tells a file by its content.

    Attributes:
        sha256: Of all its bytes, 64 hexadecimal digits.
        size_bytes: How many they are, so that most other files need not be read.
    """

    sha256: str
    size_bytes: int

    def __post_init__(self) -> None:
        if not isinstance(self.sha256, str) or not _SHA256.fullmatch(self.sha256):
            raise CheckpointError("fingerprint", "its SHA-256 is not one", "leave it out")
        if isinstance(self.size_bytes, bool) or not isinstance(self.size_bytes, int) or self.size_bytes < 0:
            raise CheckpointError("fingerprint", "its size is not a number of bytes", "leave it out")


@dataclass(frozen=True)
class FileHashed:
    """So much of a file was read; 0 to 1."""

    path: Path
    fraction: float


@dataclass(frozen=True)
class FileKnown:
    """A file's fingerprint is there."""

    path: Path
    fingerprint: Fingerprint


def known_fingerprint(path: Path) -> Fingerprint | None:
    """The fingerprint of a file as it is now, where it was found before; reads nothing but a note of some bytes."""
    stamp = _stamp(path)
    if stamp is None:
        return None
    try:
        kept = json.loads(_note(path).read_text(encoding="utf-8"))
        if [kept["path"], kept["stamp"]] == [str(path), list(stamp)]:
            return Fingerprint(kept["sha256"], kept["size_bytes"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, CheckpointError):
        return None
    return None


def find_fingerprint(path: Path) -> Iterator[FileHashed | FileKnown]:
    """Read a file and tell its fingerprint in the end; at once, where it is known.

    Raises:
        CheckpointError: It is gone, may not be read, or was written to meanwhile.
    """
    if (known := known_fingerprint(path)) is not None:
        yield FileKnown(path, known)
        return
    stamp, digest, done = _stamp(path), hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                done += len(chunk)
                yield FileHashed(path, done / max(1, done, stamp[0] if stamp else 0))
    except OSError as error:
        raise CheckpointError(path, f"it cannot be read ({error.strerror})", "check the file") from error
    if stamp is None or stamp != _stamp(path):
        raise CheckpointError(path, "it was written to while it was read", "try again when it is complete")
    found = Fingerprint(digest.hexdigest(), done)
    with contextlib.suppress(OSError, GanStudioError):  # a cache that cannot be written to is done without
        _note(path).parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(_note(path), json.dumps({"path": str(path), "stamp": stamp, **asdict(found)}))
    yield FileKnown(path, found)


def fingerprint_of(path: Path) -> Fingerprint:
    """The fingerprint of a file, however long that takes; raises CheckpointError."""
    for event in find_fingerprint(path):
        if isinstance(event, FileKnown):
            return event.fingerprint
    raise CheckpointError(path, "it could not be read", "check the file")


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of writing, or None for what is no regular file (any more)."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return (facts.st_size, facts.st_mtime_ns) if path.is_file() else None


def _note(path: Path) -> Path:
    name = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return user_cache_dir() / "fingerprints" / f"{name}.json"
