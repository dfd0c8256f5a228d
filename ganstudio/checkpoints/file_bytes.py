"""Bytes of a file under examination, read by position and only where they are asked for.

The file is opened once and never mapped: what was checked is what is used even when somebody replaces it meanwhile,
and a file that shrinks gives an error instead of killing the process.
"""

import os
import stat
import threading
import weakref
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from ganstudio.checkpoints.errors import CheckpointError

HEAD_BYTES = 1 << 20  # a safetensors header keeps its metadata at the front, but not always in the first block

_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_DO_NOT_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe would wait for its writer for ever


class ByteSource(Protocol):
    """Something that bytes are read from."""

    @property
    def size(self) -> int:
        """Number of bytes."""

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fill `target` with the bytes from `offset` on; the caller has checked that they are there."""


class MemoryBytes:
    """Bytes that are in memory already."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read_into(self, offset: int, target: memoryview) -> None:
        """See `ByteSource`."""
        target[:] = self._data[offset : offset + len(target)]


class FileBytes:
    """A regular file, held open until the last that refers to it is gone."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.size = os.fstat(handle).st_size
        self._handle = handle
        self._lock = threading.Lock()
        weakref.finalize(self, os.close, handle)

    @classmethod
    def open(cls, path: Path) -> "FileBytes":
        """Open a file for reading.

        Raises:
            CheckpointError: The file is gone, a folder, no regular file, or may not be read.
        """
        try:
            handle = os.open(path, os.O_RDONLY | _BINARY | _DO_NOT_WAIT)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise CheckpointError(path, "the file is not there", "choose it where it is now") from error
        except (OSError, ValueError) as error:
            if os.path.isdir(path):  # noqa: PTH112 - Windows refuses to open one; Path.is_dir raises for names too long
                raise _folder(path) from error
            reason = f"it cannot be read ({getattr(error, 'strerror', None) or 'its name is impossible'})"
            raise CheckpointError(path, reason, "check the disk and its permissions") from error
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            os.close(handle)
            raise (
                _folder(path)
                if stat.S_ISDIR(mode)
                else CheckpointError(path, "it is a device or a pipe, not a file", "choose a checkpoint file")
            )
        return cls(path, handle)

    @cached_property
    def head(self) -> bytes:
        """The first MiB, or all of it where it is shorter."""
        return ByteSlice(self, 0, min(self.size, HEAD_BYTES)).read()

    @property
    def whole(self) -> "ByteSlice":
        """All of it."""
        return ByteSlice(self, 0, self.size)

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fill `target`; raises CheckpointError when the file has shrunk or the disk fails."""
        done = 0
        try:
            while done < len(target):
                count = self._read_some(offset + done, target[done:])
                if count == 0:
                    raise CheckpointError(self.path, "it changed while it was read", "open it again")
                done += count
        except OSError as error:
            reason = f"it cannot be read ({error.strerror})"
            raise CheckpointError(self.path, reason, "check the disk") from error

    def _read_some(self, offset: int, target: memoryview) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._handle, [target], offset)
        with self._lock:  # where there is no positional read, two readers must not move the position in between
            os.lseek(self._handle, offset, os.SEEK_SET)
            data = os.read(self._handle, len(target))
        target[: len(data)] = data
        return len(data)


def _folder(path: Path) -> CheckpointError:
    return CheckpointError(path, "it is a folder, not a checkpoint", "choose a file in it")


@dataclass(frozen=True, eq=False)
class ByteSlice:
    """A stretch of bytes that has not been read yet; also stands in trees for bytes too long to copy.

    Attributes:
        source: Where it lies.
        offset: Its first byte in the source.
        size: Number of bytes.
    """

    source: ByteSource = field(repr=False)
    offset: int
    size: int

    def read(self) -> bytes:
        """Read all of it."""
        target = bytearray(self.size)
        self.read_into(0, memoryview(target))
        return bytes(target)

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fill `target` with the bytes from `offset` of the slice on."""
        if offset < 0 or offset + len(target) > self.size:
            raise ValueError("reading beyond the slice")
        self.source.read_into(self.offset + offset, target)

    def part(self, offset: int, size: int) -> "ByteSlice":
        """A stretch of this stretch."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise ValueError("a part beyond the slice")
        return ByteSlice(self.source, self.offset + offset, size)

    @classmethod
    def of(cls, data: bytes) -> "ByteSlice":
        """Wrap bytes that are in memory."""
        return cls(MemoryBytes(data), 0, len(data))
