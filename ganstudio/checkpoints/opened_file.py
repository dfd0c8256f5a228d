"""A file under examination: its first bytes, and its content parsed once, as data."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.containers.catalogue import parse
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.tree import TensorData, find_tensors

HEAD_BYTES = 1 << 20  # a safetensors header keeps its metadata at the front, but not always in the first block


@dataclass(frozen=True)
class OpenedFile:
    """What formats look at; all of them share one parse, so what was checked is what is used.

    Attributes:
        path: The file.
        head: Its first MiB, or all of it where it is shorter.
    """

    path: Path
    head: bytes = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> "OpenedFile":
        """Read the first bytes.

        Raises:
            CheckpointError: The file is gone, a folder, no regular file, or may not be read.
        """
        if path.is_dir():
            raise CheckpointError(path, "it is a folder, not a checkpoint", "choose a file in it")
        if path.exists() and not path.is_file():
            raise CheckpointError(path, "it is a device or a pipe, not a file", "choose a checkpoint file")
        try:
            with path.open("rb") as file:
                return cls(path, file.read(HEAD_BYTES))
        except FileNotFoundError as error:
            raise CheckpointError(path, "the file is not there", "choose it where it is now") from error
        except OSError as error:
            reason = f"it cannot be read ({error.strerror})"
            raise CheckpointError(path, reason, "check the disk and its permissions") from error

    @cached_property
    def tree(self) -> Any:
        """The content as a tree (see `tree.py`).

        Raises:
            CheckpointError: It is no container of weights, damaged, or asks for more than it is.
        """
        return parse(self.path, self.head)

    @cached_property
    def tensors(self) -> dict[str, TensorData]:
        """All tensors by their names in the file; see `find_tensors`."""
        return find_tensors(self.tree)
