"""Running pieces of a network on a batch, and how well what comes out fits what batch normalisation remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.checkpoints.rebuilding.pieces import Piece, layers_of, weights_of
from ganstudio.checkpoints.rebuilding.units import Unit
from ganstudio.networks.described.kinds import fill_layers
from ganstudio.networks.described.modules import LayerList

LATENTS = 768
SEED = 590_267_813  # nobody's: with a script's own seed, latents would be the very numbers that its weights began as
BUDGET = 250_000_000  # multiplications for one layer of one candidate, about 12 ms on one core
MAX_VALUES = 1_500_000  # values that one layer of one candidate may make
LOOKED_AT = 0.4  # share of both that a look ahead may take
CHANNELS = 24  # output channels that are enough to compare statistics
MISFIT_FLOOR = 0.003
_MIXING = ("linear", "conv", "conv_transpose")


@dataclass(frozen=True, eq=False)
class Batch:
    """Values `(N, ...)` on their way through a network, and the classes int64 `(N,)` that they were drawn for."""

    values: Tensor
    labels: Tensor

    def first(self, count: int) -> "Batch":
        """The first so many."""
        return Batch(self.values[:count], self.labels[:count])


def draw(z_dim: int, classes: int, law: str, count: int = LATENTS) -> Batch:
    """Draw latents in pairs of z and -z, so that their mean is exact, and classes in turn."""
    random = torch.Generator().manual_seed(SEED)
    half = torch.randn(count // 2, z_dim, generator=random)
    if law in ("uniform", "uniform_0_1"):
        half = torch.rand(count // 2, z_dim, generator=random) * 2 - 1
    elif law == "sphere":
        half = functional.normalize(half)
    pairs = torch.stack([half, -half], dim=1).reshape(-1, z_dim)
    if law == "uniform_0_1":
        pairs = (pairs + 1) / 2
    labels = torch.randint(max(classes, 1), (len(pairs),), generator=random)
    return Batch(pairs, labels)


def make_module(pieces: Sequence[Piece]) -> LayerList:
    """Build the layers of pieces with their weights, for evaluation."""
    module = LayerList(fill_layers(layers_of(pieces)))
    weights = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in weights_of(pieces, "").items()}
    module.load_state_dict(weights, strict=True)
    return module.eval().requires_grad_(requires_grad=False)


def run_pieces(pieces: Sequence[Piece], batch: Batch) -> Batch:
    """Run layers on a batch, on the first part of it where they cost much."""
    for piece in pieces:
        kept = batch.first(affordable(piece, batch.values, 1.0))
        batch = Batch(make_module([piece])(kept.values, kept.labels), kept.labels)
    return batch


def affordable(piece: Piece, values: Tensor, share: float) -> int:
    """How many of a batch a layer may take within the budgets when only a share of its outputs is made."""
    layer = piece.layer
    places = 1 if values.ndim == 2 else values.shape[2] * values.shape[3]
    most = MAX_VALUES / (values.shape[1] * places * layer.get("factor", 1) ** 2)
    if layer["kind"] in _MIXING:
        cost = layer["inputs"] * layer["outputs"] * layer.get("kernel", 1) ** 2 * places * share
        most = min(most, BUDGET / cost)
    return max(8, min(len(values), int(most) // 2 * 2))


def enough(pieces: Sequence[Piece], values: Tensor) -> int:
    """How many of a batch are enough to look ahead through pieces that may enlarge it."""
    factor = 1
    for piece in pieces:
        factor *= piece.layer.get("factor", 1) ** 2
    most = LOOKED_AT * MAX_VALUES / (values[0].numel() * factor)
    return max(8, min(len(values), int(most) // 2 * 2))


def run_some_channels(piece: Piece, batch: Batch) -> tuple[Tensor, list[int]]:
    """Run a mixing layer for evenly chosen output channels only; returns what they make and which they are."""
    layer = piece.layer
    outputs = layer["outputs"]
    chosen = np.unique(np.linspace(0, outputs - 1, min(CHANNELS, outputs)).astype(int)).tolist()
    weight = torch.from_numpy(piece.arrays["weight"])
    weight = weight[:, chosen] if layer["kind"] == "conv_transpose" else weight[chosen]
    bias = torch.from_numpy(piece.arrays["bias"])[chosen] if "bias" in piece.arrays else None
    values = batch.first(affordable(piece, batch.values, len(chosen) / outputs / LOOKED_AT)).values
    if layer["kind"] == "linear":
        return functional.linear(values, weight, bias), chosen
    if layer["kind"] == "conv":
        return functional.conv2d(values, weight, bias, layer["stride"], layer["padding"]), chosen
    numbers = (layer["stride"], layer["padding"], layer["output_padding"])
    return functional.conv_transpose2d(values, weight, bias, *numbers), chosen


def misfit(values: Tensor, unit: Unit, chosen: Sequence[int] | None = None) -> float:
    """How far the statistics of values `(N, F, ...)` are from those that a normalisation remembers.

    The mean over features of the squared distance of the means, in deviations, and of half the squared logarithm of
    the ratio of the variances; what chance alone makes of a few hundred samples is about 0.01.
    """
    statistics = _statistics(unit.arrays, chosen)
    mean, variance = _moments(values)
    typical = 1e-3 * float(statistics.variance.median()) + 1e-12
    means = (mean - statistics.mean).square() / (statistics.variance + typical)
    ratios = ((variance + typical) / (statistics.variance + typical)).log().square()
    result = float(means.clamp(max=4).mean() + 0.5 * ratios.clamp(max=8).mean())
    return result if np.isfinite(result) else 8.0


def _moments(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of each feature; sums along the last axis are ten times faster than `torch.var_mean`."""
    if values.ndim == 2:
        variance, mean = torch.var_mean(values, dim=0)
        return mean.double(), variance.double()
    flat = values.flatten(2)
    count = flat.shape[0] * flat.shape[2]
    mean = flat.sum(dim=2).double().sum(dim=0) / count
    squares = torch.linalg.vector_norm(flat, dim=2).double().square().sum(dim=0) / count
    return mean, (squares - mean.square()).clamp(min=0) * (count / max(count - 1, 1))


@dataclass(frozen=True, eq=False)
class _Statistics:
    mean: Tensor
    variance: Tensor


def _statistics(arrays: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]],
                chosen: Sequence[int] | None) -> _Statistics:  # fmt: skip
    mean = torch.from_numpy(arrays["running_mean"]).double()
    variance = torch.from_numpy(arrays["running_var"]).double()
    if chosen is None:
        return _Statistics(mean, variance)
    return _Statistics(mean[list(chosen)], variance[list(chosen)])
