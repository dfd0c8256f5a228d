"""The networks that searches for directions have to themselves, lent to one thread at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.rendering.shelf import stamp_of

if TYPE_CHECKING:
    from ganstudio.rendering.direction_bench import DirectionBench


class BenchShelf:
    """Lends benches to the threads of searches and keeps one that is free, so that the next search begins at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: DirectionBench | None = None
        self._wanted = ""

    @property
    def has_free(self) -> bool:
        """Whether a bench is waiting, so that the next search begins at once."""
        with self._lock:
            return self._free is not None

    def expect(self, path: str) -> None:
        """Keep benches of this model from now on, as its file is read now; let go of one that was kept."""
        with self._lock:
            self._wanted, self._free = path, None

    @contextmanager
    def lend(self, path: Path, device: str = "auto") -> "Iterator[DirectionBench]":
        """A bench of a model that nobody else has meanwhile; makes one, which takes as long as opening the model.

        Raises:
            CheckpointError: The file cannot be read.
            DeviceError: The device is not there.
        """
        with self._lock:
            found, self._free = self._free, None
        if found is None or found.path != path or stamp_of(str(path)) not in (0, found.stamp):
            from ganstudio.rendering.direction_bench import DirectionBench  # late: it loads torch

            found = DirectionBench(path, device)
        found.renderer.ask_device(device)
        try:
            yield found
        finally:
            with self._lock:
                if str(path) == self._wanted:
                    self._free = found
