"""Numbers for gestures: what the person does in one go shares one, so that it is one step of undo."""

import time

_PAUSE_S = 0.8


class Gestures:
    """Counts the gestures on one widget.

    A drag says when it begins. Steps of keys and wheel do not: those closer than a pause are one gesture.

    Attributes:
        number: Of the gesture that is going on.
    """

    def __init__(self) -> None:
        self.number = 0
        self._last_step_at = 0.0

    def begin(self) -> int:
        """The number of a new gesture."""
        self.number += 1
        return self.number

    def step(self) -> int:
        """The number of the gesture that a step made now belongs to."""
        now = time.monotonic()
        if now - self._last_step_at > _PAUSE_S:
            self.begin()
        self._last_step_at = now
        return self.number
