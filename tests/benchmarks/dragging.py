"""What a minute of dragging does to the window: the event loop's lateness, memory, how old the pictures are.

Run: python tests/benchmarks/dragging.py [CHECKPOINT] [--resolution 1024] [--seconds 60] [--rate 60]. Without a
checkpoint it makes a StyleGAN2 of the published widths with random weights. Moves the truncation slider so many times a
second through the window, as a mouse does, and prints figures; at the end it waits for the full picture of the last
position.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmark_window import open_window, run_for, wait_until, write_model
from PySide6.QtCore import QObject, Qt, QTimer

from ganstudio.devices import resident_bytes
from ganstudio.gui.main_window import MainWindow

TICK_MS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", type=Path)
    parser.add_argument("--resolution", type=int, default=1024)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=60.0, help="moves a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GANSTUDIO_HOME"] = home
        made = options.checkpoint or write_model(Path(home), "stylegan2", resolution=options.resolution)
        report(made, options)


class Dragging(QObject):
    """Moves the slider, and notes what the window does meanwhile."""

    def __init__(self, window: MainWindow, rate: float) -> None:
        super().__init__(window)
        self.window = window
        self.moved_at: dict[float, float] = {}
        self.lateness: list[float] = []
        self.ages: list[float] = []
        self.gaps: list[float] = []
        self.sides: list[int] = []
        self.memory: list[int] = []
        self.out_of_order = 0
        self._last_shown = self._last_value = self._begun = 0.0
        self._due = 0.0
        self._move = QTimer(self, interval=round(1000 / rate), timerType=Qt.TimerType.PreciseTimer)
        self._move.timeout.connect(self._on_move)
        self._tick = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._on_tick)
        self._memory = QTimer(self, interval=1000)
        self._memory.timeout.connect(lambda: self.memory.append(resident_bytes() or 0))
        window.rendering.picture_ready.connect(self._on_picture_ready)

    def start(self) -> None:
        """Press the mouse."""
        self._begun = self._last_shown = time.perf_counter()
        self._due = time.perf_counter() + TICK_MS / 1000
        for timer in (self._move, self._tick, self._memory):
            timer.start()

    def stop(self) -> None:
        """Let the mouse go."""
        for timer in (self._move, self._tick, self._memory):
            timer.stop()

    def _on_move(self) -> None:
        seconds = time.perf_counter() - self._begun
        value = 0.2 + 0.6 * abs((seconds / 4) % 2 - 1) + seconds * 1e-6  # there and back, never twice the same
        self.moved_at[value] = time.perf_counter()
        self.window.explore.latent.truncation.track.edited.emit(value, 1)

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.lateness.append(max(0.0, now - self._due) * 1000)
        self._due = now + TICK_MS / 1000

    def _on_picture_ready(self, rendered: object) -> None:
        now, value = time.perf_counter(), rendered.request.looks[0].truncation  # type: ignore[attr-defined]
        asked = self.moved_at.get(value)
        if asked is None or not self._tick.isActive():
            return
        self.ages.append((now - asked) * 1000)
        self.gaps.append((now - self._last_shown) * 1000)
        self.sides.append(rendered.pixels.shape[1])  # type: ignore[attr-defined]
        self.out_of_order += asked < self._last_value
        self._last_value, self._last_shown = asked, now


def report(checkpoint: Path, options: argparse.Namespace) -> None:
    """Open the window, drag, print."""
    with open_window(checkpoint) as window:
        wait_until(lambda: str(checkpoint) in window.rendering.idle.calibrated)
        dragging = Dragging(window, options.rate)
        dragging.start()
        run_for(round(options.seconds * 1000))
        dragging.stop()
        let_go = time.perf_counter()
        wait_until(lambda: is_whole(window))
        rest_ms = (time.perf_counter() - let_go) * 1000
    print_figures(dragging, rest_ms, options)


def print_figures(dragging: Dragging, rest_ms: float, options: argparse.Namespace) -> None:
    """Print what was noted."""
    late, ages, gaps = sorted(dragging.lateness), dragging.ages, dragging.gaps
    behind = max((age / max(gap, 1e-9) for age, gap in zip(ages, gaps, strict=True)), default=0.0)
    print(f"dragging for {options.seconds:g} s at {options.rate:g} moves a second")
    print(f"  pictures shown      {len(ages)} of {len(dragging.moved_at)} positions,"
          f" {len(ages) / options.seconds:.1f} a second, sides {sorted(set(dragging.sides))} px")  # fmt: skip
    print(f"  age when shown      median {statistics.median(ages):.0f} ms, worst {max(ages):.0f} ms;"
          f" gap median {statistics.median(gaps):.0f} ms; worst age / gap {behind:.2f}; out of order"
          f" {dragging.out_of_order}")  # fmt: skip
    print(f"  event loop late     median {statistics.median(late):.1f} ms, p99 {late[int(0.99 * len(late))]:.1f} ms,"
          f" worst {late[-1]:.1f} ms")  # fmt: skip
    first, last = dragging.memory[len(dragging.memory) // 4], dragging.memory[-1]
    print(f"  memory              {first >> 20} MB after a quarter, {last >> 20} MB at the end,"
          f" most {max(dragging.memory) >> 20} MB")  # fmt: skip
    print(f"  let go              the full picture of the last position after {rest_ms:.0f} ms")


def is_whole(window: MainWindow) -> bool:
    """Whether the canvas shows in full what the document says."""
    rendered = window.explore.canvas.rendered
    return rendered is not None and rendered.is_whole and rendered.request.looks == (window.document.state.look,)


if __name__ == "__main__":
    main()
