"""Layers as data together with their weights, and the weights by the names that our own network gives them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ganstudio.checkpoints.rebuilding.units import Floats, Unit

_DIRECT = ("batch_norm", "conditional_batch_norm")


@dataclass(frozen=True, eq=False)
class Piece:
    """One layer of a network.

    Attributes:
        layer: Its description, see `networks/described/kinds.py`; that of branches comes from `branches`.
        arrays: Its weights by their last names.
        branches: The pieces of each branch.
        source: Its name in the file, "" where it has no weights.
    """

    layer: Mapping[str, Any]
    arrays: Mapping[str, Floats] = field(default_factory=dict, repr=False)
    branches: tuple[tuple["Piece", ...], ...] = ()
    source: str = ""

    def with_values(self, **values: Any) -> "Piece":
        """The same piece with other values in its layer."""
        return replace(self, layer={**self.layer, **values})


def plain(kind: str, **values: Any) -> Piece:
    """A piece without weights."""
    return Piece({"kind": kind, **values})


def of_unit(unit: Unit, layer: Mapping[str, Any]) -> Piece:
    """A piece with the weights of a unit."""
    arrays = {leaf: array for leaf, array in unit.arrays.items() if leaf in _LEAVES}
    if unit.kind == "attention":
        arrays = {"share": unit.arrays["share"]}
        arrays |= {
            f"{part}.{leaf}": array for part, inner in unit.parts.items() for leaf, array in inner.arrays.items()
        }
    return Piece(layer, arrays, source=unit.name)


_LEAVES = ("weight", "bias", "running_mean", "running_var")


def join(how: str, *branches: Iterable[Piece]) -> Piece:
    """A piece that joins what several lists of pieces make of the same values."""
    return Piece({"kind": "branches", "how": how}, branches=tuple(tuple(branch) for branch in branches))


def layers_of(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """The descriptions of pieces, as `SequenceConfig.layers`."""
    return [
        {**piece.layer, "branches": [layers_of(branch) for branch in piece.branches]}
        if piece.branches
        else dict(piece.layer)
        for piece in pieces
    ]


def weights_of(pieces: Sequence[Piece], prefix: str = "main.") -> dict[str, Floats]:
    """The weights of pieces by the names in `SequenceGenerator.state_dict()`."""
    weights: dict[str, Floats] = {}
    for index, piece in enumerate(pieces):
        place = f"{prefix}layers.{index}."
        for number, branch in enumerate(piece.branches):
            weights |= weights_of(branch, f"{place}branches.{number}.")
        kind = piece.layer["kind"]
        inner = "" if kind in _DIRECT or kind == "attention" else "module."
        weights |= {f"{place}{inner}{leaf}": array for leaf, array in piece.arrays.items()}
    return weights
