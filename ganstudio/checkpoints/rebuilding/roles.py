"""Whether a network is a generator, discriminator, classifier or autoencoder, by the shapes of its ends."""

from collections.abc import Sequence
from itertools import pairwise

from ganstudio.checkpoints.rebuilding.entries import is_table
from ganstudio.checkpoints.rebuilding.sizes import square_of
from ganstudio.checkpoints.rebuilding.units import Unit

SMALLEST_PICTURE = 14 * 14


def role_of_shapes(units: Sequence[Unit]) -> str:
    """Name the role, "" where the ends tell none.

    One of "generator", "discriminator", "classifier", "encoder", "autoencoder", "variational autoencoder".
    """
    mixing = [unit for unit in units if unit.kind in ("matrix", "filters") and not is_table(unit)]
    if not mixing:
        return ""
    first, last = mixing[0], mixing[-1]
    if not _takes_pictures(first):
        return "generator" if _makes_pictures(last) else ""
    outputs = last.shape[0] if last.kind == "matrix" else last.outputs or min(last.shape[:2])
    if _makes_pictures(last) and not (last.kind == "filters" and outputs == 1 and not _grows(mixing)):
        twins = any(one.shape == other.shape and one.kind == "matrix" and one.shape[0] < one.shape[1]
                    for one, other in pairwise(mixing))  # fmt: skip
        return "variational autoencoder" if twins else "autoencoder"
    if outputs == 1:
        return "discriminator"
    return "classifier" if outputs <= 1000 and last.kind == "matrix" and len(mixing) > 1 else "encoder"


def _takes_pictures(unit: Unit) -> bool:
    if unit.kind == "matrix":
        return _is_picture(unit.shape[1]) and unit.shape[1] >= 400 and unit.shape[1] > unit.shape[0] // 4
    outputs, inputs = unit.shape[:2]
    return inputs <= 16 and outputs > inputs and unit.outputs in (0, outputs)


def _makes_pictures(unit: Unit) -> bool:
    if unit.kind == "matrix":
        return _is_picture(unit.shape[0])
    return unit.outputs in (1, 3) if unit.outputs else min(unit.shape[:2]) in (1, 3)


def _is_picture(values: int) -> bool:
    return values >= SMALLEST_PICTURE and any(square_of(values, channels) is not None for channels in (1, 3))


def _grows(mixing: Sequence[Unit]) -> bool:
    """Whether a network of convolutions widens towards its middle and narrows again, as autoencoders do."""
    widths = [max(unit.shape[:2]) for unit in mixing]
    return widths[-1] < max(widths) / 2 and widths[0] <= widths[-1] * 2 and len(mixing) > 6
