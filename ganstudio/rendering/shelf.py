"""The renderers that are ready, shared by the thread that opens models and the one that draws."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

KEPT = 2


class RendererShelf:
    """Keeps the renderers used last, by the path of their file; knows when a file was written anew.

    Args:
        kept: How many; each holds a whole network in memory.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._renderers: dict[str, tuple[int, Renderer]] = {}

    def put(self, path: str, renderer: "Renderer", stamp: int) -> None:
        """Keep a renderer; `stamp` is `stamp_of` its file, taken before it was read."""
        with self._lock:
            self._renderers.pop(path, None)
            self._renderers[path] = (stamp, renderer)
            while len(self._renderers) > self._kept:
                self._renderers.pop(next(iter(self._renderers)))

    def drop(self, path: str) -> None:
        """Let go of the renderer of a file."""
        with self._lock:
            self._renderers.pop(path, None)

    def find(self, path: str) -> "Renderer | None":
        """The renderer of a file, unless the file was written anew; one whose file is gone goes on from memory."""
        stamp = stamp_of(path)
        with self._lock:
            known = self._renderers.pop(path, None)
            if known is None or stamp not in (0, known[0]):
                return None
            self._renderers[path] = known  # used now, so the last to be let go
            return known[1]


def stamp_of(path: str) -> int:
    """When a file was written, or 0 for one that is not there (any more)."""
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return 0
