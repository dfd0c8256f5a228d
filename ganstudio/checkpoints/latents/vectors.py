"""Shapes and scales of latent vectors: what arrays of numbers can be, before anybody says so."""

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import SPACES, Floats, Kind, Space
from ganstudio.checkpoints.tree import TensorData

MIN_LENGTH, MAX_LENGTH = 8, 1 << 16
MAX_LAYERS = 64
_NUM_WS = tuple(range(8, 19, 2))  # of StyleGAN at 32 to 1024 px
_FLOATS = ("float16", "bfloat16", "float32", "float64")
_REMEDY = "save it again as numbers of shape (N, length) or (N, layers, length)"


def could_be_vectors(node: object) -> bool:
    """Whether a node of a tree is a tensor that can hold latents, by its type and shape alone."""
    if not isinstance(node, TensorData) or node.dtype not in _FLOATS or node.count == 0:
        return False
    shape = _squeeze(node.shape)
    if not 1 <= len(shape) <= 3 or not MIN_LENGTH <= shape[-1] <= MAX_LENGTH:
        return False
    return len(shape) < 3 or (shape[1] <= MAX_LAYERS and shape[1] != shape[2])


def read_vectors(path: Path, tensor: TensorData, layered: bool = False) -> Floats:
    """Read latents as float32 `(N, D)` or `(N, L, D)`.

    Args:
        path: For messages.
        tensor: A tensor for which `could_be_vectors` holds.
        layered: Take a matrix as the layers of one latent.

    Raises:
        CheckpointError: The shape cannot be, or values are no finite numbers.
    """
    if not could_be_vectors(tensor):
        reason = f"its array of {tensor.dtype}, shape {list(tensor.shape)}, holds no latents"
        raise CheckpointError(path, reason, _REMEDY)
    values = check_finite(path, tensor.array()).reshape(_squeeze(tensor.shape))
    if values.ndim == 2 and layered:
        return values[None]
    return values.reshape(1, -1) if values.ndim == 1 else values


def check_finite(path: Path, values: npt.NDArray[np.generic]) -> Floats:
    """Return the values as float32; raises CheckpointError where one is no finite number."""
    with np.errstate(over="ignore"):  # a float64 beyond float32 becomes infinite and is refused just below
        numbers = np.asarray(values, dtype=np.float32)
    if not np.isfinite(numbers).all():
        raise CheckpointError(path, "it holds values that are no numbers", "make or download it again")
    return numbers


def have_unit_length(vectors: Floats) -> bool:
    """Whether all rows have length 1, as directions usually do."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=-1)
    return bool((np.abs(lengths - 1) < 2e-3).all())


def guess_space(vectors: Floats) -> tuple[Space, bool]:
    """Tell the space of latents by shape and scale.

    A standard normal z of D entries has length sqrt(D) give or take 0.7; a w hardly ever does.

    Returns:
        The space, and whether it is more than a guess.
    """
    if vectors.ndim == 3:
        return "w_plus", True
    if vectors.size >= 50 and np.abs(vectors).max() <= 1 and 0.5 < float(vectors.std()) < 0.65:
        return "z", False  # evenly in [-1, 1]
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=-1)
    expected = math.sqrt(vectors.shape[1])
    return ("z" if (np.abs(lengths - expected) < 4).all() else "w"), False


def chosen_space(path: Path, assumptions: Assumptions, default: Space) -> Space:
    """The space that a person said, else the default; raises CheckpointError for an unknown word."""
    space = assumptions.get("space", default)
    if space not in SPACES:
        raise CheckpointError(path, f"there is no space {space[:20]!r}", f"choose one of {', '.join(SPACES)}")
    return space


def chosen_kind(path: Path, assumptions: Assumptions, default: Kind) -> Kind:
    """The kind that a person said, else the default; raises CheckpointError for an unknown word."""
    kinds: dict[str, Kind] = {"latent": "latent", "direction": "direction"}
    kind = assumptions.get("kind", default)
    if kind not in kinds:
        raise CheckpointError(path, f"there is no kind {kind[:20]!r}", "choose latent or direction")
    return kinds[kind]


def rows_warning(vectors: Floats, space: Space) -> tuple[str, ...]:
    """Say so where a matrix could as well be the layers of one latent."""
    if vectors.ndim == 2 and len(vectors) in _NUM_WS and space == "w":
        return (f"its {len(vectors)} rows are taken as {len(vectors)} latents; one w_plus has this shape, too",)
    return ()


def _squeeze(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Drop sizes of 1 that carry nothing: all but the first and the last of more than two."""
    while len(shape) > 2 and shape[-1] == 1:  # (N, z_dim, 1, 1), as networks of convolutions take it
        shape = shape[:-1]
    if len(shape) <= 2:
        return shape
    middle = [size for size in shape[1:-1] if size != 1]
    rest = (shape[0], *middle, shape[-1])
    return rest[1:] if len(rest) == 4 and rest[0] == 1 else rest
