"""Writes directions as other programs read them, or whole as our own files keep them.

Each kind of `DIRECTION_KINDS` names the program that reads it. Theirs hold straight directions of one space; what they
cannot say (layers, a slider's ends) is lost, which `what_is_lost` tells beforehand.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.checkpoints.latents.own_directions import write_own_directions
from ganstudio.errors import GanStudioError
from ganstudio.files import write_atomically

Pairs = Sequence[tuple[DirectionInfo, Array]]


class DirectionExportError(GanStudioError):
    """Directions that cannot be written as the kind of file that was asked for."""


@dataclass(frozen=True)
class _Stack:
    """Directions of one space: units float64 `(K, D)`, their lengths `(K,)`."""

    units: Array
    lengths: Array


@dataclass(frozen=True)
class DirectionKind:
    """One kind of file.

    Attributes:
        title: What people call it.
        suffix: What such files end in.
        write: Puts directions of one space into a file; None for our own files, which take all.
    """

    title: str
    suffix: str
    write: Callable[[_Stack, BinaryIO], object] | None = None


def export_directions(path: Path, directions: Pairs, kind: str = "", models: Mapping[str, str] | None = None) -> None:
    """Write directions.

    Args:
        path: The file.
        directions: Each with its step of strength 1.
        kind: A name in `DIRECTION_KINDS`; "" tells it by the suffix.
        models: SHA-256 of the checkpoint that each was found in, by name; kept by our own files.

    Raises:
        DirectionExportError: Another suffix, nothing to write, or, for other programs' files, directions that are not
            straight or of several spaces or shapes.
        FileWriteError: The disk is full or the folder not writable; an older file of that name is untouched.
    """
    chosen = DIRECTION_KINDS[kind or _kind_of(path)]
    if not directions:
        raise DirectionExportError(path, "there are no directions to write", "find some first")
    write = chosen.write
    if write is None:
        write_own_directions(path, directions, models)
    else:
        stack = _stack(path, directions)
        write_atomically(path, lambda file: write(stack, file))


def what_is_lost(kind: str, directions: Sequence[DirectionInfo]) -> str:
    """What a kind of file cannot say of directions, in words; "" where nothing is."""
    if DIRECTION_KINDS[kind].write is None or not any(info.layers for info in directions):
        return ""
    return "such a file cannot say which layers they are for"


def _kind_of(path: Path) -> str:
    kinds = [name for name, kind in DIRECTION_KINDS.items() if kind.suffix == path.suffix]
    if not kinds:
        raise DirectionExportError(path, "this is no kind of direction file", f"name it {' or '.join(SUFFIXES)}")
    return kinds[0]


def _stack(path: Path, directions: Pairs) -> _Stack:
    spaces = {info.space for info, _ in directions}
    if len(spaces) > 1 or len({np.shape(step) for _, step in directions}) > 1 or not spaces <= {"z", "w"}:
        reason = f"its directions are of {' and '.join(sorted(spaces))}, and such a file holds one of z or w"
        raise DirectionExportError(path, reason, "write them into separate files, or as GANStudio directions")
    if folded := [info.title for info, _ in directions if info.fold]:
        raise DirectionExportError(path, f"{folded[0]} goes two ways, and such a file holds straight directions",
                                   "write them as GANStudio directions")  # fmt: skip
    steps = np.stack([np.asarray(step, np.float64) for _, step in directions])
    lengths = np.linalg.norm(steps, axis=1)
    if not (lengths > 0).all():
        raise DirectionExportError(path, "one of its directions is zero", "leave it out")
    return _Stack(steps / lengths[:, None], lengths)


def _write_boundary(stack: _Stack, file: BinaryIO) -> None:
    """Float64 `(K, D)`, each row of length 1; InterFaceGAN's names end in `_boundary` or, in w, `_w_boundary`."""
    np.save(file, stack.units, allow_pickle=False)


def _write_ganspace(stack: _Stack, file: BinaryIO) -> None:
    """The arrays that GANSpace keeps; for the layer where latents enter, activations and latents are the same.

    A name with `_w` says that they are of w.
    """
    units, lengths = stack.units.astype(np.float32), stack.lengths.astype(np.float32)
    components, mean = units[:, None], np.zeros((1, units.shape[1]), np.float32)
    shares = np.square(lengths) / np.square(lengths).sum()
    arrays = {
        "act_comp": components, "act_mean": mean, "act_stdev": lengths,
        "lat_comp": components, "lat_mean": mean, "lat_stdev": lengths,
        "var_ratio": shares, "random_stdevs": np.ones_like(lengths),
    }  # fmt: skip
    np.savez(file, allow_pickle=False, **arrays)


def _write_sefa(stack: _Stack, file: BinaryIO) -> None:
    """Rosinality's closed-form factors: `{"ckpt", "eigvec"}`, a direction of w in each column."""
    _save_torch({"ckpt": "", "eigvec": stack.units.astype(np.float32).T}, file)


def _write_tensor(stack: _Stack, file: BinaryIO) -> None:
    """One tensor `(K, D)`, each row of length 1, as the editing directions of e4e and HyperStyle."""
    _save_torch(stack.units.astype(np.float32), file)


def _save_torch(content: object, file: BinaryIO) -> None:
    import torch  # late: the window does not wait for it

    def as_tensor(value: object) -> object:
        return torch.from_numpy(np.ascontiguousarray(value)) if isinstance(value, np.ndarray) else value

    made = {name: as_tensor(value) for name, value in content.items()} if isinstance(content, dict) else content
    buffer = io.BytesIO()
    torch.save(as_tensor(made), buffer)
    file.write(buffer.getvalue())


DIRECTION_KINDS: dict[str, DirectionKind] = {
    "ganstudio": DirectionKind("GANStudio directions", ".safetensors"),
    "boundary": DirectionKind("InterFaceGAN boundaries", ".npy", _write_boundary),
    "ganspace": DirectionKind("GANSpace components", ".npz", _write_ganspace),
    "sefa": DirectionKind("SeFa factors", ".pt", _write_sefa),
    "tensor": DirectionKind("e4e and HyperStyle directions", ".pt", _write_tensor),
}
SUFFIXES = (".npy", ".npz", ".pt")  # those that a model is never written as
