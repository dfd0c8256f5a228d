"""Curves grown point by point."""

from collections.abc import Mapping

from ganstudio.training.runs.readers.base import Curve

MAX_CURVES = 500


class CurveCollector:
    """Gathers points of many curves at once.

    Args:
        roles: Our own names for those of the program's names that mean the same.
    """

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles
        self._points: dict[str, dict[float, float]] = {}

    def add(self, name: str, moment: float, value: float) -> None:
        """Take in one point; a later one at the same moment replaces it (a run that was resumed)."""
        if name in self._points or len(self._points) < MAX_CURVES:
            self._points.setdefault(name, {})[moment] = value

    def finish(self) -> tuple[Curve, ...]:
        """All curves, in order of appearance."""
        return tuple(self._curve(name, points) for name, points in self._points.items())

    def _curve(self, name: str, points: dict[float, float]) -> Curve:
        moments = sorted(points)
        values = tuple(points[moment] for moment in moments)
        return Curve(name, self._roles.get(name, ""), tuple(moments), values)
