"""Chains of layers that take a latent and end in a picture, found by arithmetic on shapes alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ganstudio.checkpoints.rebuilding.gaps import Gap, GapFill, Names, fill_gap, gap_between
from ganstudio.checkpoints.rebuilding.pieces import Piece, of_unit, plain
from ganstudio.checkpoints.rebuilding.sizes import MAX_SIZE, Convolution, final_prior, read_filters, square_of
from ganstudio.checkpoints.rebuilding.units import Unit
from ganstudio.networks.described.kinds import Shape

MAX_STATES = 160
MAX_CHAINS = 16
_HALF = 0.7  # how improbable upsampling is where names leave it open: a coin


@dataclass(frozen=True, eq=False)
class Step:
    """One layer with weights, and what stands before it."""

    fill: GapFill
    piece: Piece
    unit: Unit


@dataclass(frozen=True, eq=False)
class Chain:
    """Layers from the first values to a picture.

    Attributes:
        steps: The layers with weights in order.
        end: What stands after the last.
        shape: `(C, H, W)` of the pictures.
        prior: Logarithm of how usual such a chain is.
    """

    steps: tuple[Step, ...]
    end: GapFill
    shape: Shape
    prior: float


@dataclass(frozen=True, eq=False)
class _State:
    steps: tuple[Step, ...]
    shape: Shape
    prior: float


def find_chains(units: Sequence[Unit], shape: Shape, names: Names) -> list[Chain]:
    """Find chains that use all units in their order and end in a picture, the usual ones first.

    Args:
        units: Layers with weights.
        shape: What goes in: `(F,)`.
        names: See `study_names`.
    """
    states = [_State((), shape, 0.0)]
    for index, unit in enumerate(units):
        before = units[index - 1] if index else None
        gap = gap_between(before, unit, names)
        following = units[index + 1] if index + 1 < len(units) else None
        grown = [after for state in states for after in _extend(state, unit, gap, following)]
        states = _best(grown)
    gap = gap_between(units[-1], None, names) if units else Gap()
    chains = [chain for state in states for chain in _finish(state, gap)]
    return sorted(chains, key=lambda chain: -chain.prior)[:MAX_CHAINS]


def _best(states: list[_State]) -> list[_State]:
    """Keep the best, and of those that reached the same shape only the best few."""
    kept: list[_State] = []
    seen: dict[Shape, int] = {}
    for state in sorted(states, key=lambda state: -state.prior):
        seen[state.shape] = seen.get(state.shape, 0) + 1
        if seen[state.shape] <= 12:
            kept.append(state)
    return kept[:MAX_STATES]


def _extend(state: _State, unit: Unit, gap: Gap, following: Unit | None) -> Iterator[_State]:
    left = state.steps[-1].unit.kind if state.steps else ""
    for resize, inner, shape, prior in _resizings(state, unit, gap):
        fill = fill_gap(gap, left, unit.kind, resize, inner)
        if fill is None:
            continue
        for piece, after, more in _readings(unit, shape, following):
            twice = 3.0 * (piece.layer.get("stride", 1) > 1 and any("factor" in part.layer for part in resize))
            yield _State((*state.steps, Step(fill, piece, unit)), after, state.prior + prior + more - twice)


_Resizing = tuple[tuple[Piece, ...], int, Shape, float]


def _resizings(state: _State, unit: Unit, gap: Gap) -> Iterator[_Resizing]:
    """What may reshape or enlarge the values before a unit: (pieces, surely modules, shape after, prior)."""
    shape = state.shape
    if len(shape) == 1:
        yield from _to_maps(state, unit)
        return
    if unit.kind == "matrix":
        flat = (shape[0] * shape[1] * shape[2],)
        yield (plain("reshape", shape=list(flat)),), 0, flat, -1.0
        return
    yield (), 0, shape, 0.0
    yield from _enlargements(state, unit, gap, shape)


def _enlargements(state: _State, unit: Unit, gap: Gap, shape: Shape) -> Iterator[_Resizing]:
    size = shape[1]
    if unit.kind not in ("filters", "norm") or size * 2 > MAX_SIZE or not state.steps:
        return
    told = [piece for piece in gap.said or () if piece.layer["kind"] in ("upsample", "pixel_shuffle")]
    for piece in told:
        factor = piece.layer["factor"]
        channels = shape[0] if piece.layer["kind"] == "upsample" else shape[0] // factor**2
        yield (piece,), 1, (channels, size * factor, size * factor), 0.0
    if told:
        return
    rare = 0.0 if unit.kind == "filters" else 2.5
    sure = 0.3 if gap.exact and gap.count >= 2 else _HALF
    yield (plain("upsample", factor=2),), 1, (shape[0], size * 2, size * 2), -sure - rare
    if unit.kind == "filters" and shape[0] % 4 == 0 and unit.shape[1] == shape[0] // 4:
        yield (plain("pixel_shuffle", factor=2),), 1, (shape[0] // 4, size * 2, size * 2), -0.2


def _to_maps(state: _State, unit: Unit) -> Iterator[_Resizing]:
    """Reshape a vector where the unit takes maps."""
    values = state.shape[0]
    if unit.kind in ("matrix", "prelu") or (unit.kind == "norm" and unit.features == values):
        yield (), 0, state.shape, 0.0
        return
    if unit.kind == "layer_norm":
        shape = tuple(unit.shape)
        pieces = () if len(shape) == 1 else (plain("reshape", shape=list(shape)),)
        yield pieces, len(pieces), shape, 0.0
        return
    for channels, rare in _channels(unit):
        side = 1 if channels == values else square_of(values, channels)
        if side is None:
            continue
        shape = (channels, side, side)
        reshape = plain("reshape", shape=list(shape))
        inner = 1 if state.steps else 0
        yield (reshape,), inner, shape, -rare
        if side > 1 and unit.kind == "filters":
            enlarged = (channels, side * 2, side * 2)
            yield (reshape, plain("upsample", factor=2)), inner + 1, enlarged, -rare - _HALF


def _channels(unit: Unit) -> list[tuple[int, float]]:
    """Channels that the maps before a unit may have, and how rare that is."""
    if unit.kind == "filters":
        first, second, _, _ = unit.shape
        return [(first, 0.0)] if first == second else [(first, 0.0), (second, 0.0)]
    return [(unit.features, 0.0)] if unit.features else []


def _readings(unit: Unit, shape: Shape, following: Unit | None) -> Iterator[tuple[Piece, Shape, float]]:
    """The ways to read a unit that takes values of a shape: (piece, shape after, prior)."""
    if unit.kind == "matrix":
        outputs, inputs = unit.shape
        if shape == (inputs,):
            layer = {"kind": "linear", "inputs": inputs, "outputs": outputs, "bias": "bias" in unit.arrays}
            yield of_unit(unit, layer), (outputs,), 0.0
    elif unit.kind == "filters" and len(shape) == 3:
        yield from _read_convolution(unit, shape, following)
    else:
        yield from ((piece, shape, 0.0) for piece in _read_other(unit, shape))


def _read_convolution(unit: Unit, shape: Shape, following: Unit | None) -> Iterator[tuple[Piece, Shape, float]]:
    for way in read_filters(unit, shape[0], shape[1]):
        size = way.size_after(shape[1])
        fits = following is None or following.kind != "norm" or following.features == way.outputs
        if 1 <= size <= MAX_SIZE and fits:
            yield of_unit(unit, _convolution_layer(way, unit)), (way.outputs, size, size), way.prior


def _convolution_layer(way: Convolution, unit: Unit) -> dict[str, Any]:
    layer = {"kind": way.kind, "inputs": way.inputs, "outputs": way.outputs, "kernel": way.kernel,
             "stride": way.stride, "padding": way.padding, "bias": "bias" in unit.arrays}  # fmt: skip
    return layer if way.kind == "conv" else {**layer, "output_padding": way.output_padding}


def _read_other(unit: Unit, shape: Shape) -> Iterator[Piece]:
    if unit.kind == "norm" and unit.features == shape[0]:
        yield of_unit(unit, _norm_layer(unit))
    elif unit.kind == "layer_norm" and unit.shape == shape[len(shape) - len(unit.shape) :]:
        yield of_unit(unit, {"kind": "layer_norm", "shape": list(unit.shape), "eps": _told_eps(unit)})
    elif unit.kind == "prelu" and unit.features in (1, shape[0]):
        yield of_unit(unit, {"kind": "prelu", "features": unit.features})
    elif unit.kind == "attention" and unit.parts["query"].shape[1] == shape[0]:
        parts = unit.parts
        yield of_unit(unit, {"kind": "attention", "features": shape[0], "inner": parts["query"].shape[0],
                             "value": parts["value"].shape[0], "output": "output" in parts,
                             "bias": "bias" in parts["query"].arrays})  # fmt: skip


def _norm_layer(unit: Unit) -> dict[str, Any]:
    affine = "weight" in unit.arrays
    name = str(unit.said.get("class", ""))
    if unit.has_statistics:
        return {"kind": "batch_norm", "features": unit.features, "eps": _told_eps(unit), "affine": affine}
    if "Group" in name:
        groups = unit.said.get("num_groups", 1)
        return {"kind": "group_norm", "features": unit.features, "groups": groups, "eps": _told_eps(unit)}
    if "Layer" in name:
        return {"kind": "layer_norm", "shape": [unit.features], "eps": _told_eps(unit)}
    return {"kind": "instance_norm", "features": unit.features, "eps": _told_eps(unit), "affine": affine}


def _told_eps(unit: Unit) -> float:
    eps = unit.said.get("eps")
    return float(eps) if isinstance(eps, int | float) and 0 <= eps <= 100 else 1e-5


def _finish(state: _State, gap: Gap) -> Iterator[Chain]:
    """End in a picture: reshape a vector, take maps as they are."""
    if not state.steps:
        return
    left = state.steps[-1].unit.kind
    for resize, shape, prior in _endings(state):
        fill = fill_gap(gap, left, "", resize, 0)
        if fill is not None:
            yield Chain(state.steps, replace(fill, active=0.0), shape, state.prior + prior + final_prior(shape[1]))


def _endings(state: _State) -> Iterator[tuple[tuple[Piece, ...], Shape, float]]:
    shape = state.shape
    if len(shape) == 3:
        if shape[0] in (1, 3):
            yield (), shape, 0.0
        return
    for channels in (1, 3):
        if side := square_of(shape[0], channels):
            picture = (channels, side, side)
            yield (plain("reshape", shape=list(picture)),), picture, 0.0
