"""What to do when a loss or a gradient is no number: pass the round over, slow down, go back, and only then give up."""

from typing import Literal

Step = Literal["skip", "slow", "reload", "give_up"]

NEAR = 100  # rounds within which stumbles belong together
RELOADS = 2  # within one stretch of training


class Stumbles:
    """Counts stumbles that come close after each other."""

    def __init__(self) -> None:
        self._count = self._reloads = 0
        self._last_step = -NEAR

    def next(self, step: int) -> Step:
        """Say what to do about a stumble in the round of this number."""
        if step - self._last_step >= NEAR:
            self._count = 0
        self._last_step = step
        self._count += 1
        if self._count == 1:
            return "skip"
        if self._count == 2:
            return "slow"
        if self._reloads < RELOADS:
            self._reloads += 1
            self._count = 0
            return "reload"
        return "give_up"
