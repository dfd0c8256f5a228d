"""Weights under spectral normalisation, divided by their norm once and for all, as evaluation does.

Files keep the trained weight W and an estimate u (and v) of its first singular vectors; what a layer computes with is
W / sigma. Four ways to name these are known: torch's `weight_orig, weight_u, weight_v` and its newer
`parametrizations.weight.original, .0._u, .0._v`, where sigma = u W v as stored; BigGAN-PyTorch's `weight, u0, sv0` and
mimicry's `weight, sn_u, sn_sigma`, where evaluation does one step of power iteration from u first.

Source: Miyato et al. 2018, eq. 6 and algorithm 1.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.layouts.generator_found import Layout
from ganstudio.checkpoints.tree import Array, TensorData

_TORCH = ("weight_orig", "weight_u", "weight_v")
_PARAMETRISED = ("parametrizations.weight.original", "parametrizations.weight.0._u", "parametrizations.weight.0._v")
_EPSILON = 1e-12

Matrix = npt.NDArray[np.float32]


def without_spectral_norm(layout: Layout, is_transposed: Callable[[str], bool] = lambda _: False) -> Layout:
    """Replace all normalised weights by what evaluation computes with, read when asked for.

    Args:
        layout: A network's tensors.
        is_transposed: Says of a layer's name whether it is a transposed convolution, whose outputs are its second axis.

    Returns:
        The tensors without u, v and sigma, each weight under `<layer>.weight`.

    Raises:
        CheckpointError: A vector is missing or does not fit its weight.
    """
    plain: dict[str, TensorData] = {}
    for name, tensor in layout.tensors.items():
        layer, _, last = name.rpartition(".")
        start = f"{layer}." if layer else ""
        if last == _TORCH[0]:
            plain[f"{start}weight"] = _stored(layout, [start + part for part in _TORCH], is_transposed(layer))
        elif name.endswith(_PARAMETRISED[0]):
            start = name.removesuffix(_PARAMETRISED[0])
            names = [start + part for part in _PARAMETRISED]
            plain[f"{start}weight"] = _stored(layout, names, is_transposed(start[:-1]))
        elif last == "weight":
            plain[name] = _iterated(layout, start, tensor)
        elif not _belongs_to_a_norm(layout, name, start, last):
            plain[name] = tensor
    return Layout(layout.path, plain)


def _belongs_to_a_norm(layout: Layout, name: str, start: str, last: str) -> bool:
    if last in _TORCH:
        return f"{start}{_TORCH[0]}" in layout
    if name.endswith(_PARAMETRISED):
        return True
    vectors = {"sn_u", "sn_sigma"} if f"{start}sn_u" in layout else set()
    if f"{start}u0" in layout:  # u1, u2 ... estimate further singular values, which nothing uses
        vectors |= {f"{kind}{index}" for kind in ("u", "sv") for index in range(16)}
    return last in vectors


def _stored(layout: Layout, names: list[str], transposed: bool) -> TensorData:
    weight = layout.tensors[names[0]]
    rows, columns = _matrix_shape(weight.shape, transposed)
    u, v = (layout.tensors[name] if name in layout else None for name in names[1:])
    if u is None or v is None or u.count != rows or v.count != columns:
        raise layout.misfit(f"the spectral norm of {names[0]!r} is incomplete or does not fit")

    def load() -> Array:
        values = _values(weight)  # read once: it may be large
        sigma = _values(u).reshape(-1) @ (_as_matrix(values, transposed) @ _values(v).reshape(-1))
        return _divide(values, sigma)

    return TensorData("float32", weight.shape, load)


def _iterated(layout: Layout, start: str, weight: TensorData) -> TensorData:
    u = layout.tensors.get(f"{start}u0", layout.tensors.get(f"{start}sn_u"))
    if u is None:
        return weight
    if not weight.shape or u.count != weight.shape[0]:
        raise layout.misfit(f"the spectral norm of {start + 'weight'!r} does not fit")

    def load() -> Array:
        values = _values(weight)
        matrix = _as_matrix(values, transposed=False)
        right = _unit(_values(u).reshape(-1) @ matrix)
        grown = matrix @ right
        return _divide(values, _unit(grown) @ grown)

    return TensorData("float32", weight.shape, load)


def _matrix_shape(shape: tuple[int, ...], transposed: bool) -> tuple[int, int]:
    rows = shape[1] if transposed and len(shape) > 1 else shape[0] if shape else 0
    return rows, math.prod(shape) // max(rows, 1)


def _as_matrix(values: Matrix, transposed: bool) -> Matrix:
    if transposed:
        values = values.swapaxes(0, 1)
    return values.reshape(len(values), -1)


def _values(tensor: TensorData) -> Matrix:
    return tensor.array().astype(np.float32, copy=False)


def _divide(values: Matrix, sigma: Any) -> Array:
    # a norm of zero gives values that are no numbers, which reading refuses
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        quotient: Array = values / np.float32(sigma)
    return quotient


def _unit(vector: Matrix) -> Matrix:
    scaled: Matrix = vector / max(float(np.linalg.norm(vector)), _EPSILON)
    return scaled
