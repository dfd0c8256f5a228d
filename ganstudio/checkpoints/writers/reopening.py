"""Opening again what was just written, through the same door as any stranger's file."""

from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.checkpoints.catalogue import read

if TYPE_CHECKING:
    from torch import Tensor

    from ganstudio.checkpoints.writers.base import Draw


def reopen_checkpoint(path: Path) -> "Draw":
    """Read a checkpoint, build its generator, and return what draws with it; raises CheckpointError."""
    import torch

    from ganstudio.checkpoints.building import build_generator

    generator = build_generator(read(path), torch.device("cpu"))

    def draw(z: "Tensor", labels: "Tensor | None") -> "Tensor":
        images: Tensor = generator(z, labels)
        return images

    return draw
