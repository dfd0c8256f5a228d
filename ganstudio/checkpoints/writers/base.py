"""What a writer is, the registry of writers, and the events of a conversion."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ganstudio.checkpoints.base import Checkpoint
from ganstudio.errors import GanStudioError
from ganstudio.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

    from ganstudio.networks.base import Generator

Draw = Callable[["Tensor", "Tensor | None"], "Tensor"]
"""z `(N, z_dim)` and labels int64 `(N,)` or None, to images `(N, C, H, W)` in the network's own range."""


class ConversionError(GanStudioError):
    """A checkpoint that cannot be written as the kind that was asked for."""


@dataclass(frozen=True, eq=False)
class Model:
    """What is to be written.

    Attributes:
        checkpoint: As it was read.
        generator: The network that was built of it, on the CPU, in evaluation mode.
    """

    checkpoint: Checkpoint = field(repr=False)
    generator: "Generator" = field(repr=False)


class Writer(Protocol):
    """One kind of file.

    Attributes:
        title: What it is, for people.
        suffixes: Endings of file names that mean it, the usual one first.
    """

    title: str
    suffixes: tuple[str, ...]

    def write(self, path: Path, model: Model) -> None:
        """Write a file, atomically.

        Raises:
            ConversionError: This network cannot be written so, or a package for it is not installed.
            FileWriteError: The disk is full or the folder not writable.
        """

    def reopen(self, path: Path, model: Model) -> Draw:
        """Open what `write` wrote and return what draws with it; raises CheckpointError or ConversionError."""


@dataclass(frozen=True)
class ConversionProgress:
    """What is being done, and how much of all is done, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True)
class Converted:
    """The file is written, and draws what the original draws.

    Attributes:
        path: The file.
        kind: Name of its writer in `WRITERS`.
        pictures: How many pictures were compared.
        difference: Largest difference of a pixel, in units of the network's own output.
        relative_difference: The same, relative to the largest pixel.
    """

    path: Path
    kind: str
    pictures: int
    difference: float
    relative_difference: float


WRITERS: Registry[Writer] = Registry("kind of checkpoint file")
