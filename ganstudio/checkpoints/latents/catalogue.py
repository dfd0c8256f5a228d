"""All formats of latents, imported by name, and the ways to ask them."""

from collections.abc import Mapping
from pathlib import Path

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents import (
    array_file,
    e4e_pca,
    ganspace,
    ganspace_edit,
    own_directions,
    projected_w,
    rosinality_projection,
    sefa,
    style_space,
)
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, LatentFile, LatentFormat
from ganstudio.checkpoints.opened_file import OpenedFile

__all__ = [
    "LATENT_FORMATS", "array_file", "e4e_pca", "ganspace", "ganspace_edit", "holds_latents", "own_directions",
    "projected_w", "read_latents", "read_opened", "rosinality_projection", "sefa", "style_space",
]  # fmt: skip

_NOTHING_ASSUMED: Assumptions = {}
_GENERAL_LAST = ("array",)


def read_latents(path: Path, assumptions: Mapping[str, str] = _NOTHING_ASSUMED) -> LatentFile:
    """Read a file of latents or directions.

    Raises:
        CheckpointError: The file is gone, damaged, or holds neither.
    """
    return read_opened(OpenedFile.open(path), assumptions)


def read_opened(file: OpenedFile, assumptions: Assumptions = _NOTHING_ASSUMED) -> LatentFile:
    """Read a file that is open already; see `read_latents`."""
    found = _format_of(file)
    if found is None:
        names = ", ".join(list(file.tensors)[:3]) or "none"
        raise CheckpointError(file.path, f"it holds no latents or directions of a known kind (tensors: {names[:80]})",
                              "open a file such as projected_w.npz, latents.pt or a boundary .npy")  # fmt: skip
    return found.read(file, assumptions)


def holds_latents(file: OpenedFile) -> bool:
    """Whether a file is of latents or directions; raises CheckpointError where it cannot be parsed."""
    return _format_of(file) is not None


def _format_of(file: OpenedFile) -> LatentFormat | None:
    names = sorted(LATENT_FORMATS, key=lambda name: name in _GENERAL_LAST)
    return next((LATENT_FORMATS[name] for name in names if LATENT_FORMATS[name].detect(file)), None)
