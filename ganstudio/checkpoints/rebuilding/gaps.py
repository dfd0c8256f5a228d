"""The places between layers with weights: what may stand there without weights, by the numbers in the names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganstudio.checkpoints.rebuilding.pieces import Piece, plain
from ganstudio.checkpoints.rebuilding.units import Unit
from ganstudio.checkpoints.wrappers import StateDict
from ganstudio.networks.described.kinds import ACTIVATIONS

WEIGHTED = ("matrix", "filters", "attention")
_CLASSES = {
    "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "SELU": "selu", "GELU": "gelu", "SiLU": "silu",
    "Tanh": "tanh", "Sigmoid": "sigmoid", "Softplus": "softplus", "Hardtanh": "tanh", "Swish": "silu",
}  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """A place between two units.

    Attributes:
        count: How many modules without weights the numbers leave room for.
        exact: Whether there are exactly so many; else at least.
        counted: Whether the file names all modules, so that there are hardly more.
        said: The layers there, where a whole pickled module tells them.
    """

    count: int = 0
    exact: bool = False
    counted: bool = False
    said: tuple[Piece, ...] | None = None


@dataclass(frozen=True)
class GapFill:
    """One way to fill a gap.

    Attributes:
        resize: Reshaping and upsampling, after the activation.
        active: Logarithm of how probable an activation is before them, and of how probable none is.
        passive: See `active`.
        said: Layers that are certain; they replace the activation.
    """

    resize: tuple[Piece, ...] = ()
    active: float | None = 0.0
    passive: float | None = 0.0
    said: tuple[Piece, ...] | None = None


@dataclass(frozen=True, eq=False)
class Names:
    """What the numbers in the names of all units tell.

    Attributes:
        first: The lowest number under each parent.
        holes: Parents whose numbers leave some out, which only lists with layers without weights do.
        modules: See `StateDict.modules`.
        order: Names of all modules that hold no others, in order, where the file names them.
    """

    first: Mapping[str, int]
    holes: frozenset[str]
    modules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: tuple[str, ...] = ()


def study_names(units: Sequence[Unit], part: StateDict) -> Names:
    """Collect the numbers under each parent, and the modules without weights where the file names them."""
    modules = part.modules
    names = [name for name in part.module_names if name]
    order = tuple(name for name in names if not any(other.startswith(name + ".") for other in names))
    with_weights = {unit.name for unit in units}
    if not any(name.rpartition(".")[2].isdigit() for name in order if name not in with_weights):
        order = ()  # activations are functions there, or the names are of another network
    numbers: dict[str, set[int]] = {}
    for name in [unit.name for unit in units] + list(order):
        parts = name.split(".")
        for depth, number in enumerate(parts):
            if number.isdigit() and len(number) < 6:
                numbers.setdefault(".".join(parts[:depth]), set()).add(int(number))
    holes = frozenset(parent for parent, found in numbers.items() if len(found) <= max(found))
    return Names({parent: min(found) for parent, found in numbers.items()}, holes, modules, order)


def gap_between(left: Unit | None, right: Unit | None, names: Names) -> Gap:
    """What the names say of the place between two units (None: the beginning or the end)."""
    if names.modules:
        return _told_gap(left, right, names)
    if names.order:
        return _counted_gap(left, right, names)
    return Gap() if right is None else _numbered_gap(left, right, names)


def _numbered_gap(left: Unit | None, right: Unit, names: Names) -> Gap:
    """What the numbers alone say."""
    parent, number = _place(right)
    if left is None:
        return Gap(number if number is not None and parent in names.holes else 0)
    left_parent, left_number = _place(left)
    if parent == left_parent and number is not None and left_number is not None:
        exact = parent in names.holes
        return Gap(max(number - left_number - 1, 0) if exact else 0, exact)
    leading = number if number is not None and parent in names.holes and names.first[parent] == number else 0
    return Gap(leading + _holes_above(left, right, names))


def _counted_gap(left: Unit | None, right: Unit | None, names: Names) -> Gap:
    """Count the modules without weights that the file names between two units."""
    order = names.order
    start = order.index(left.name) + 1 if left and left.name in order else 0
    end = order.index(right.name) if right and right.name in order else len(order)
    count = max(end - start, 0)
    same = left is not None and right is not None and _place(left)[0] == _place(right)[0]
    numbered = all(unit is None or _place(unit)[1] is not None for unit in (left, right))
    return Gap(count, exact=same and numbered, counted=numbered)


def _holes_above(left: Unit, right: Unit, names: Names) -> int:
    """Numbers left out between two blocks (`main.0.1` and `main.2.0` leave out `main.1`)."""
    parts = zip(left.name.split("."), right.name.split("."), strict=False)
    for depth, (one, other) in enumerate(parts):
        if one != other:
            parent = ".".join(left.name.split(".")[:depth])
            numbers = one.isdigit() and other.isdigit() and parent in names.holes
            return max(int(other) - int(one) - 1, 0) if numbers else 0
    return 0


def _place(unit: Unit) -> tuple[str, int | None]:
    parent, _, last = unit.name.rpartition(".")
    return parent, int(last) if last.isdigit() and len(last) < 6 else None


def _told_gap(left: Unit | None, right: Unit | None, names: Names) -> Gap:
    order = list(names.modules)
    start = order.index(left.name) + 1 if left and left.name in names.modules else 0
    end = order.index(right.name) if right and right.name in names.modules else len(order)
    between = [names.modules[name] for name in order[start:end]]
    told = tuple(piece for facts in between if (piece := told_layer(facts)) is not None)
    same = left is not None and right is not None and _place(left)[0] == _place(right)[0]
    some = right or left
    parent = _place(some)[0] if some else ""
    sequential = names.modules.get(parent, {}).get("class") == "Sequential" or parent == ""
    return Gap(len(told), exact=same and sequential, said=told if told or (same and sequential) else None)


def told_layer(facts: Mapping[str, Any]) -> Piece | None:
    """The layer that a pickled module without weights says that it is; None for dropout, containers and the like."""
    name = facts.get("class")
    if name in _CLASSES:
        slope = facts.get("negative_slope", facts.get("alpha", 0.0))
        return activation(_CLASSES[name], float(slope) if isinstance(slope, int | float) else 0.0)
    if name in ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"):
        return _told_upsampling(facts)
    if name == "PixelShuffle":
        return plain("pixel_shuffle", factor=int(facts.get("upscale_factor", 2)))
    return None


def _told_upsampling(facts: Mapping[str, Any]) -> Piece | None:
    factor, mode = facts.get("scale_factor"), facts.get("mode")
    factor = factor[0] if isinstance(factor, tuple) else factor
    if not isinstance(factor, int | float) or factor != int(factor) or mode not in ("nearest", "bilinear", "bicubic"):
        return None
    return plain("upsample", factor=int(factor), mode=mode, align_corners=facts.get("align_corners") is True)


def activation(function: str, slope: float = 0.0) -> Piece:
    """An activation as a piece."""
    if function not in ACTIVATIONS:
        raise ValueError(function)
    return plain("activation", function=function, slope=slope)


def fill_gap(gap: Gap, left: str, right: str, resize: tuple[Piece, ...], inner: int) -> GapFill | None:
    """Say how probable an activation is in a gap, or that the gap has no room for what must be there.

    Args:
        gap: The gap.
        left: Kind of the unit before, "" at the beginning.
        right: Kind of the unit after, "" at the end.
        resize: Reshaping and upsampling that stands there in any case.
        inner: How many of them are surely modules of their own (reshaping often is not).
    """
    if gap.said is not None:
        return _fill_told(gap, resize)
    if not left:
        return GapFill(resize, None, 0.0)
    usual = _usual(left, right)
    if gap.exact:
        return _fill_exact(gap.count, inner, usual, resize)
    if gap.counted and gap.count == 0:  # a function between two lists of modules is rare
        return GapFill(resize, usual[0] - 2.5, 0.0)
    return GapFill(resize, *usual)


def _fill_exact(count: int, inner: int, usual: tuple[float, float], resize: tuple[Piece, ...]) -> GapFill | None:
    """Fill so many places: with an activation and what does nothing in evaluation, such as dropout."""
    room = count - inner
    if room < 0:
        return None
    if room == 0:
        return GapFill(resize, None, usual[1] if inner else 0.0)  # what reshapes took the activation's place
    return GapFill(resize, usual[0] - 1.5 * (room - 1), min(usual[1], -4.0) * room)


def _usual(left: str, right: str) -> tuple[float, float]:
    if right in ("norm", "layer_norm"):
        return (-3.0, -0.05) if left in WEIGHTED else (-1.5, -0.5)
    if right == "prelu" or left in ("prelu", "attention"):
        return -4.0, 0.0
    if right == "attention":
        return -0.3, -1.3
    return -0.1, -2.3


def _fill_told(gap: Gap, resize: tuple[Piece, ...]) -> GapFill | None:
    told = gap.said or ()
    upsampling = [piece for piece in told if piece.layer["kind"] == "upsample"]
    wanted = [piece for piece in resize if piece.layer["kind"] == "upsample"]
    if [piece.layer["factor"] for piece in upsampling] != [piece.layer["factor"] for piece in wanted]:
        return None
    reshaping = tuple(piece for piece in resize if piece.layer["kind"] == "reshape")
    if gap.exact or told:
        before = tuple(piece for piece in told if piece.layer["kind"] == "activation")
        after = tuple(piece for piece in told if piece.layer["kind"] != "activation")
        return GapFill(reshaping, None, 0.0, (*before, *reshaping, *after))
    return GapFill(resize, -0.1, -2.3)
