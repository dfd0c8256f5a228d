"""A file under examination: its first bytes, and its content parsed once, as data."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.tree import TensorData, find_tensors


@dataclass(frozen=True)
class OpenedFile:
    """What formats look at.

    All of them share one parse, so what was checked is what is used, and what was refused once stays refused.

    Attributes:
        path: The file.
        head: Its first MiB, or all of it where it is shorter.
        file: Its bytes, read from the file that was opened, whatever is put in its place meanwhile; None opens `path`
            once the tree is asked for.
    """

    path: Path
    head: bytes = field(repr=False)
    file: FileBytes | None = field(default=None, repr=False)
    _refusals: list[CheckpointError] = field(default_factory=list, init=False, repr=False)

    @classmethod
    def open(cls, path: Path) -> "OpenedFile":
        """Open the file; raises CheckpointError where it is gone, a folder, no regular file, or may not be read."""
        file = FileBytes.open(path)
        return cls(path, file.head, file)

    @cached_property
    def tree(self) -> Any:
        """The content as a tree (see `tree.py`).

        Raises:
            CheckpointError: It is no container of weights, damaged, or asks for more than it is.
        """
        if self._refusals:
            raise self._refusals[0]
        try:
            from ganstudio.checkpoints.containers.catalogue import parse  # late: all containers delay the window

            return parse(self.file or FileBytes.open(self.path))
        except CheckpointError as error:
            self._refusals.append(error)
            raise

    @cached_property
    def tensors(self) -> dict[str, TensorData]:
        """All tensors by their names in the file; see `find_tensors`."""
        return find_tensors(self.tree)
