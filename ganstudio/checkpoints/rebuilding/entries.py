"""How the latent and the class enter a network: alone, joined before or after, multiplied, or on a way of their own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganstudio.checkpoints.rebuilding.pieces import Piece, join, of_unit, plain
from ganstudio.checkpoints.rebuilding.units import Floats, Unit

CLASS_INPUTS = (
    "none", "embedding_after", "embedding_before", "embedding_multiplied", "embedding_added", "one_hot_after",
    "one_hot_before", "one_hot_beside",
)  # fmt: skip
_CLASS_NAMES = re.compile(r"(emb|label|class|cond|(^|[._])y([._]|$))", re.IGNORECASE)
_CLASS_SETTINGS = ("num_classes", "n_classes", "nclass", "n_class", "classes", "class_num", "num_class")
_LATENT_SETTINGS = ("latent_dim", "z_dim", "nz", "noise_dim", "latent_size", "z_size", "zdim", "dim_z", "input_dim")
_USUAL_LATENTS = (2, 10, 16, 20, 30, 32, 40, 48, 50, 60, 62, 64, 70, 74, 80, 90, 96, 100, 110, 120, 128, 140, 150, 200,
                  256, 300, 500, 512)  # fmt: skip
_USUAL_CLASSES = (10, 2, 26, 40, 47, 62, 100, 3, 4, 5, 8, 12, 17, 18, 20, 101, 102, 200, 1000)
_SPREAD_NEEDED = 5.0


@dataclass(frozen=True, eq=False)
class Entry:
    """One way in.

    Attributes:
        name: One of `CLASS_INPUTS`.
        z_dim: Length of the latent.
        classes: Number of classes, 0 for none.
        pieces: The first layers, which join latent and class.
        width: Length of the vector that they make.
        rest: The units that follow.
        prior: Logarithm of how usual it is.
        own: Units on ways of their own: the latent's first layers and the class's, before they are joined.
    """

    name: str
    z_dim: int
    classes: int
    pieces: tuple[Piece, ...]
    width: int
    rest: tuple[Unit, ...]
    prior: float
    own: tuple[tuple[Unit, ...], ...] = ()


def find_entries(units: Sequence[Unit], settings: Mapping[str, Any]) -> list[Entry]:
    """List the ways in, the usual ones first.

    Args:
        units: All units of the network in order.
        settings: Numbers that lie beside the weights in the file, see `wrappers.find_settings`.
    """
    tables = [unit for unit in units if is_table(unit)]
    rest = tuple(unit for unit in units if unit not in tables)
    if not rest or rest[0].kind not in ("matrix", "filters"):
        return []
    width = first_width(rest[0])
    found = list(_by_table(tables[0], rest, width)) if len(tables) == 1 else []
    found += _by_one_hot(rest, width, settings)
    found += _beside(rest)
    unused = -4.0 * len(tables)
    found.append(Entry("none", width, 0, (), width, rest, unused - 0.1))
    if z_dim := _setting(settings, _LATENT_SETTINGS):
        found = [entry for entry in found if entry.z_dim == z_dim] or found
    return sorted(found, key=lambda entry: -entry.prior)


def is_table(unit: Unit) -> bool:
    """Whether a matrix is an embedding of classes: by class or name, and because it has no bias."""
    if unit.kind != "matrix" or "bias" in unit.arrays:
        return False
    name = unit.said.get("class")
    return name == "Embedding" if name else _CLASS_NAMES.search(unit.name) is not None


def first_width(unit: Unit) -> int:
    """Values that the first layer takes: of filters, those that get the latent as maps of one pixel."""
    if unit.kind == "matrix":
        return unit.shape[1]
    return unit.shape[1] if unit.said.get("class") == "Conv2d" else unit.shape[0]


def _setting(settings: Mapping[str, Any], names: Sequence[str]) -> int | None:
    values = (value for key, value in settings.items() if key.lower() in names)
    return next(
        (value for value in values if isinstance(value, int) and not isinstance(value, bool) and value > 0), None
    )


def _by_table(table: Unit, rest: tuple[Unit, ...], width: int) -> Iterator[Entry]:
    classes, length = table.shape
    embedding = of_unit(table, {"kind": "embedding", "classes": classes, "length": length})
    if width > length:
        for name, branches in (("embedding_after", ((), (embedding,))), ("embedding_before", ((embedding,), ()))):
            yield Entry(name, width - length, classes, (join("concat", *branches),), width, rest, -0.7)
    if width == length:
        for name, how, prior in (("embedding_multiplied", "multiply", -0.3), ("embedding_added", "add", -2.0)):
            yield Entry(name, width, classes, (join(how, (), (embedding,)),), width, rest, prior)


def _by_one_hot(rest: tuple[Unit, ...], width: int, settings: Mapping[str, Any]) -> list[Entry]:
    """Split the first layer's inputs in latent and one-hot class where its weights differ between the two."""
    told = _setting(settings, _CLASS_SETTINGS)
    columns = _columns(rest[0])
    found = []
    for classes in (told,) if told else _USUAL_CLASSES:
        if classes < 2 or width - classes not in _USUAL_LATENTS:
            continue
        one_hot = plain("one_hot", classes=classes)
        for name, part, branches in (
            ("one_hot_after", slice(width - classes, None), ((), (one_hot,))),
            ("one_hot_before", slice(0, classes), ((one_hot,), ())),
        ):
            spread = _distinctness(columns, part)
            if spread > _SPREAD_NEEDED or told or classes == 10:
                prior = min(0.6 * (spread - _SPREAD_NEEDED), 4.0) - (1.0 if told else 2.5)
                pieces = (join("concat", *branches),)
                found.append(Entry(name, width - classes, classes, pieces, width, rest, prior))
    return sorted(found, key=lambda entry: -entry.prior)[:4]


def _columns(unit: Unit) -> Floats:
    """The size of the first layer's weights for each input, as logarithms."""
    weight = unit.arrays["weight"]
    axis = 0 if unit.kind == "filters" else 1
    squares = np.square(np.moveaxis(weight, axis, 0).reshape(weight.shape[axis], -1)).mean(axis=1)
    result: Floats = np.log(squares + 1e-12)
    return result


def _distinctness(columns: Floats, part: slice) -> float:
    """How far a block of inputs differs from the others, in standard errors of both means."""
    inside = np.zeros(len(columns), bool)
    inside[part] = True
    left, right = columns[inside], columns[~inside]
    error = np.sqrt(left.var() / len(left) + right.var() / len(right)) + 0.01
    return float(abs(left.mean() - right.mean()) / error)


def _beside(rest: tuple[Unit, ...]) -> list[Entry]:
    """Latent and one-hot class each through a first layer, joined after it (as in Mirza & Osindero 2014, figure 2)."""
    starts = [index for index, unit in enumerate(rest) if unit.kind in ("matrix", "filters")][:3]
    if len(starts) < 3 or starts[0] != 0:
        return []
    first, second, third = (rest[index] for index in starts)
    if not first.kind == second.kind == third.kind:
        return []
    outputs = [_width_out(first), _width_out(second)]
    if sum(outputs) != first_width(third) or first_width(second) == outputs[0]:
        return []
    own = (rest[: starts[1]], rest[starts[1] : starts[2]])
    widths = (first_width(first), first_width(second))
    latent = 0 if widths[0] >= widths[1] else 1
    z_dim, classes = widths[latent], widths[1 - latent]
    prior = 2.0 if classes >= 2 else -5.0
    return [Entry("one_hot_beside", z_dim, classes, (), sum(outputs), rest[starts[2] :], prior, own)]


def _width_out(unit: Unit) -> int:
    return unit.shape[0] if unit.kind == "matrix" else unit.outputs or unit.shape[1]
