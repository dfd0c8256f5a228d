"""Orders in which layers may run: as registered, or with normalisations and attention moved to where they fit."""

from collections.abc import Iterator, Sequence

from ganstudio.checkpoints.rebuilding.entries import is_table
from ganstudio.checkpoints.rebuilding.sizes import square_of
from ganstudio.checkpoints.rebuilding.units import Unit

_MIXING = ("matrix", "filters")


def orderings(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Yield the order of the file, then one in which what normalises or attends follows the layer that it fits.

    Scripts that call layers by name often make all convolutions first and all normalisations after them.
    """
    yield list(units)
    moved = _attach(units)
    if moved is not None and [unit.name for unit in moved] != [unit.name for unit in units]:
        yield moved


def _attach(units: Sequence[Unit]) -> list[Unit] | None:
    tables = [unit for unit in units if is_table(unit)]
    mixing = [unit for unit in units if unit.kind in _MIXING and unit not in tables]
    norms = [unit for unit in units if unit.kind in ("norm", "layer_norm")]
    others = [unit for unit in units if unit.kind in ("prelu", "other")]
    if others or not mixing:
        return None
    order: list[Unit] = list(tables)
    for index, unit in enumerate(mixing):
        order.append(unit)
        following = mixing[index + 1] if index + 1 < len(mixing) else None
        if norms and _follows(unit, norms[0], following):
            order.append(norms.pop(0))
    if norms:
        return None
    for unit in units:
        if unit.kind == "attention":
            order.insert(_place_of_attention(order, unit), unit)
    return order


def _follows(unit: Unit, norm: Unit, following: Unit | None) -> bool:
    """Whether a normalisation fits what a layer makes, as it is or reshaped to maps."""
    features = norm.features
    if features in _outputs(unit, following):
        return True
    return unit.kind == "matrix" and square_of(unit.shape[0], features) is not None


def _outputs(unit: Unit, following: Unit | None) -> set[int]:
    """Output features that a layer may have: filters can be read both ways unless a bias or the next layer tells."""
    if unit.kind == "matrix":
        return {unit.shape[0]}
    if unit.outputs:
        return {unit.outputs}
    ways = {unit.shape[0], unit.shape[1]}
    if following is not None and following.kind == "filters":
        ways &= {following.shape[0], following.shape[1]}
    return ways or {unit.shape[0], unit.shape[1]}


def _place_of_attention(order: Sequence[Unit], attention: Unit) -> int:
    """After the last layer, and its normalisation, that makes as many maps as are attended to."""
    features = attention.parts["query"].shape[1]
    place = len(order)
    for index, unit in enumerate(order):
        following = next((other for other in order[index + 1 :] if other.kind in _MIXING), None)
        if unit.kind in _MIXING and following is not None and features in _outputs(unit, following):
            after = order[index + 1]
            place = index + 2 if after.kind == "norm" else index + 1
    return place
