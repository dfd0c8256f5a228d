"""Numbers for gestures that have no beginning of their own: steps of keys and wheel that follow each other closely."""

import time

_PAUSE_S = 0.8


class PausedGestures:
    """Steps closer than a pause are one gesture, and share its number."""

    def __init__(self) -> None:
        self._number = 0
        self._last_step_at = 0.0

    def step(self) -> int:
        """The number of the gesture that a step made now belongs to."""
        now = time.monotonic()
        self._number += now - self._last_step_at > _PAUSE_S
        self._last_step_at = now
        return self._number
