"""What long work of the command line says on the way, on the standard error."""

import sys
import time

_EVERY_SECONDS = 2.0


class ProgressLine:
    """One line that is written over on a terminal; elsewhere a line now and then."""

    def __init__(self) -> None:
        self._printed_at = 0.0

    def update(self, line: str) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if sys.stderr.isatty():
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif now - self._printed_at >= _EVERY_SECONDS:
            print(line, file=sys.stderr, flush=True)
            self._printed_at = now

    def clear(self) -> None:
        """Take the line away."""
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def say(self, line: str) -> None:
        """Say something that stays."""
        self.clear()
        print(line, file=sys.stderr, flush=True)
