"""How numbers are computed while a run trains: what applies to the whole process or thread, not to one operation."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_DIGITS = {"float32": "ieee", "tensorfloat32": "tf32"}  # what a GPU makes of products of float32; others: as it was


@contextmanager
def training_arithmetic(precision: str) -> Iterator[None]:
    """Take numbers below 1e-38 for zero, and compute float32 on a GPU with the digits that the settings ask for.

    Old moments of Adam end in such numbers, and processors crawl on them. All is as before after the block.

    Args:
        precision: As in `TrainingConfig`.
    """
    places = (torch.backends.cuda.matmul, torch.backends.cudnn.conv)  # type: ignore[attr-defined]
    before = [place.fp32_precision for place in places]
    torch.set_flush_denormal(True)
    try:
        for place, digits in zip(places, before, strict=True):
            place.fp32_precision = _DIGITS.get(precision, digits)
        yield
    finally:
        for place, digits in zip(places, before, strict=True):
            place.fp32_precision = digits
        torch.set_flush_denormal(False)
