"""When something is due, and the means of the scalars in between."""

import time

import torch

from ganstudio.training.config import TrainingConfig

_EARLY_SAMPLES = (1 / 8, 1 / 4, 1 / 2)  # of the first interval: whoever has just begun wants to see something
_FIRST_STATE = 10.0  # seconds: soon there is something to go back to where numbers break


class Schedule:
    """Counts pictures and seconds for everything that happens at intervals.

    Args:
        config: Its `*_kimg` and `state_seconds` are the intervals.
        kimg: Where the run stands now; what was due before is not due again.
    """

    def __init__(self, config: TrainingConfig, kimg: float) -> None:
        self._intervals = {
            "log": config.log_kimg,
            "sample": config.sample_kimg,
            "score": config.score_kimg,
            "snapshot": config.snapshot_kimg,
        }
        self._state_seconds = config.state_seconds
        self._done = {name: self._count(name, kimg) for name in self._intervals}
        self._logged = time.perf_counter()
        self._state_saved = self._logged - max(0.0, config.state_seconds - _FIRST_STATE)
        self._sums: dict[str, torch.Tensor] = {}
        self._counts: dict[str, int] = {}
        self._images = 0

    def record(self, scalars: dict[str, torch.Tensor], images: int) -> None:
        """Add the scalars of one step."""
        self._images += images
        for name, value in scalars.items():
            self._sums[name] = self._sums[name] + value if name in self._sums else value.clone()
            self._counts[name] = self._counts.get(name, 0) + 1

    def is_due(self, name: str, kimg: float) -> bool:
        """Whether "log", "sample", "score" or "snapshot" is due; says so once an interval."""
        count = self._count(name, kimg)
        due = count > self._done[name]
        self._done[name] = count
        return due

    def is_state_due(self) -> bool:
        """Whether the state should be saved; says so once an interval."""
        due = time.perf_counter() - self._state_saved >= self._state_seconds
        if due:
            self._state_saved = time.perf_counter()
        return due

    def take_means(self) -> tuple[dict[str, float], float]:
        """Return the means since the last call, and the pictures per second."""
        means = {name: float(total) / self._counts[name] for name, total in self._sums.items()}
        now = time.perf_counter()
        speed = self._images / max(now - self._logged, 1e-9)
        self._sums, self._counts, self._images, self._logged = {}, {}, 0, now
        return means, speed

    def _count(self, name: str, kimg: float) -> int:
        passed = kimg / self._intervals[name] + 1e-9
        early = sum(passed >= share for share in _EARLY_SAMPLES) if name == "sample" else 0
        return int(passed) + early
