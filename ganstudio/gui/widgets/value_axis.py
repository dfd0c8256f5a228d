"""The upright axis of a plot: short labels that keep clear of each other, also on powers of ten."""

import math
from collections.abc import Sequence
from itertools import pairwise

import pyqtgraph

_ROOM = 20  # px for a label and the gap to the next
_IN_A_DECADE = ((1, 2, 5), (1, 3), (1,))  # densest first: steps that look even on a logarithmic axis


class ValueAxis(pyqtgraph.AxisItem):  # type: ignore[misc] # untyped library
    """An axis on the left of a plot."""

    def __init__(self) -> None:
        super().__init__("left")
        self.enableAutoSIPrefix(False)  # else small numbers lose their labels

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802, N803, D102
        if self.logMode:
            return [(1.0, log_ticks(minVal, maxVal, size / _ROOM))]
        ticks: list[tuple[float, list[float]]] = super().tickValues(minVal, maxVal, size)
        return ticks

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: N802, D102
        if self.logMode:
            return [say_value(10**value) for value in values]
        return [say_value(value * scale, spacing * scale) for value in values]


def log_ticks(low: float, high: float, most: float) -> list[float]:
    """Where to write labels on an axis that counts powers of ten: as many as keep clear of each other.

    Args:
        low: The exponent at its lower end.
        high: The exponent at its upper end.
        most: How many labels have room one under the other over the whole length.

    Returns:
        Exponents, rising; between powers of ten where few of those are in sight.
    """
    low, high = min(low, high), max(low, high)
    nearest = (high - low) / max(1.0, most)
    for digits in _IN_A_DECADE:
        exponents = [
            power + math.log10(digit)
            for power in range(math.floor(low), math.ceil(high) + 1)
            for digit in digits
            if low <= power + math.log10(digit) <= high
        ]
        if all(after - before >= nearest for before, after in pairwise(exponents)):
            return exponents or [(low + high) / 2]
    step = math.ceil(nearest)
    return [float(power) for power in range(math.ceil(low), math.floor(high) + 1) if power % step == 0]


def say_value(value: float, spacing: float | None = None) -> str:
    """A number as it stands beside an axis, short enough for a narrow one.

    Args:
        value: The number.
        spacing: To the next number on the axis, which decides how many places are worth writing.
    """
    if value == 0:
        return "0"
    if not 1e-3 <= abs(value) < 1e5:
        digits = 1 if spacing is None else max(0, math.floor(math.log10(abs(value))) - math.floor(math.log10(spacing)))
        mantissa, exponent = f"{value:.{min(digits, 3)}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}e{int(exponent)}"
    if spacing is None:
        return f"{value:.2g}" if abs(value) < 100 else f"{value:.0f}"
    return f"{value:.{max(0, math.ceil(-math.log10(spacing)))}f}"
