"""Writes directions as other programs read them: a bare array, or a cache of GANSpace.

`.npy`: float64 `(K, D)`, each row of length 1 (InterFaceGAN, whose names end in `_boundary` or, in w, `_w_boundary`).
`.npz`: the arrays of GANSpace, `lat_comp` with deviations and mean; a name with `_w` says that they are of w.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.errors import GanStudioError
from ganstudio.files import write_atomically

SUFFIXES = (".npy", ".npz")


class DirectionExportError(GanStudioError):
    """Directions that cannot be written as the kind of file that was asked for."""


def export_directions(path: Path, directions: Sequence[tuple[DirectionInfo, Array]]) -> None:
    """Write directions of one space.

    Args:
        path: Its suffix says the kind.
        directions: Each with its step of strength 1, `(D,)`.

    Raises:
        DirectionExportError: Another suffix, nothing to write, or directions that are not straight or of several spaces
            or shapes.
        FileWriteError: The disk is full or the folder not writable; an older file of that name is untouched.
    """
    if path.suffix not in SUFFIXES:
        raise DirectionExportError(path, "this is no kind of direction file", f"name it {' or '.join(SUFFIXES)}")
    if not directions:
        raise DirectionExportError(path, "there are no directions to write", "find some first")
    spaces = {info.space for info, _ in directions}
    if len(spaces) > 1 or len({np.shape(step) for _, step in directions}) > 1 or spaces & {"w_plus"}:
        reason = f"its directions are of {' and '.join(sorted(spaces))}, and such a file holds one of z or w"
        raise DirectionExportError(path, reason, "write them into separate files")
    if folded := [info.title for info, _ in directions if info.fold]:
        raise DirectionExportError(path, f"{folded[0]} goes two ways, and such a file holds straight directions",
                                   "write a copy of the model instead")  # fmt: skip
    steps = np.stack([np.asarray(step, np.float64) for _, step in directions])
    lengths = np.linalg.norm(steps, axis=1)
    if not (lengths > 0).all():
        raise DirectionExportError(path, "one of its directions is zero", "leave it out")
    units = steps / lengths[:, None]
    if path.suffix == ".npy":
        write_atomically(path, lambda file: np.save(file, units, allow_pickle=False))
    else:
        arrays = _as_ganspace(units.astype(np.float32), lengths.astype(np.float32))
        write_atomically(path, lambda file: np.savez(file, allow_pickle=False, **arrays))


def _as_ganspace(units: Array, lengths: Array) -> dict[str, Array]:
    """The arrays that GANSpace keeps; for the layer where latents enter, activations and latents are the same."""
    components, mean = units[:, None], np.zeros((1, units.shape[1]), np.float32)
    shares = np.square(lengths) / np.square(lengths).sum()
    return {
        "act_comp": components, "act_mean": mean, "act_stdev": lengths,
        "lat_comp": components, "lat_mean": mean, "lat_stdev": lengths,
        "var_ratio": shares, "random_stdevs": np.ones_like(lengths),
    }  # fmt: skip
