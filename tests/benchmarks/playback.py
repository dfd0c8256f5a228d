"""How evenly an animation plays in the window: frames a second, jitter, dropped frames, lateness of the event loop.

Run: python tests/benchmarks/playback.py [CHECKPOINT] [--fps 30] [--seconds 20] [--cached]. Plays the built-in model (or
another) between four pictures in w with a slider that moves too, in a window of 1280x720 px; by default nothing is
drawn ahead when it begins, so that the first round draws every frame while it plays and later rounds find them again.
"""

import argparse
import os
import statistics
import tempfile
import time
from fractions import Fraction
from pathlib import Path

from benchmark_window import open_window, run_for, wait_until
from PySide6.QtCore import QObject, Qt, QTimer

from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.gui.main_window import MainWindow
from ganstudio.project import timeline_edits
from ganstudio.rendering.looks.look import Look

TICK_MS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", type=Path)
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--cached", action="store_true", help="wait until all frames are drawn, then play")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GANSTUDIO_HOME"] = home
        with open_window(options.checkpoint) as window:
            play(window, options)


class Watch(QObject):
    """Notes when frames are shown, and how late the event loop is."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.shown: list[float] = []
        self.late_ms: list[float] = []
        self._due = 0.0
        self._tick = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._on_tick)
        window.animate.playback.shown.connect(lambda *_: self.shown.append(time.perf_counter()))

    def start(self) -> None:
        """Begin."""
        self._due = time.perf_counter() + TICK_MS / 1000
        self._tick.start()

    def stop(self) -> None:
        """End."""
        self._tick.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.late_ms.append(max(0.0, (now - self._due) * 1000))
        self._due = now + TICK_MS / 1000


def play(window: MainWindow, options: argparse.Namespace) -> None:
    """Play, and print what came of it."""
    length = 5 * options.fps
    keys = tuple(Key(place * length // 4, Look(seed=place + 1)) for place in range(4))
    smile = (Key(0, -1.0), Key(length // 2, 2.0))
    timeline = Timeline(length, Fraction(options.fps), (Track("latent", keys, "w"), Track("edit:smile", smile)), True)
    window.commands["view.animate"].trigger()
    run_for(1000)
    if not options.cached:
        window.rendering.fill_frames(None)
        window.animate.cache.pause(True)
    window.document.apply("Timeline", timeline_edits.set_timeline(window.document.state, timeline))
    if options.cached:
        wait_until(lambda: window.animate.timeline.ruler.drawn == ((0, length - 1),))
    watch = Watch(window)
    run_for(200)
    watch.start()
    window.animate.playback.play()
    run_for(options.seconds * 1000)
    figures = window.animate.playback.figures()
    watch.stop()
    window.animate.playback.stop()
    report(watch, options, (figures.shown, figures.dropped))


def report(watch: Watch, options: argparse.Namespace, counts: tuple[int, int]) -> None:
    """Print the figures."""
    gaps = sorted((after - before) * 1000 for before, after in zip(watch.shown, watch.shown[1:], strict=False))
    late = sorted(watch.late_ms)
    rate = len(gaps) / (watch.shown[-1] - watch.shown[0])
    begun = "drawn before" if options.cached else "nothing drawn before"
    print(f"wanted {options.fps} fps for {options.seconds} s, {begun}")
    print(f"shown {counts[0]} frames, dropped {counts[1]} ({counts[1] / max(1, sum(counts)):.1%}); {rate:.2f} fps")
    print(f"from frame to frame: median {statistics.median(gaps):.1f} ms, 95 % below {share(gaps, 0.95):.1f}, "
          f"99 % below {share(gaps, 0.99):.1f}, most {gaps[-1]:.1f}")  # fmt: skip
    print(f"event loop late: median {statistics.median(late):.1f} ms, 95 % below {share(late, 0.95):.1f}, "
          f"99 % below {share(late, 0.99):.1f}, most {late[-1]:.1f}")  # fmt: skip


def share(values: list[float], part: float) -> float:
    """What that part of some sorted values keeps below."""
    return values[min(len(values) - 1, int(part * len(values)))]


if __name__ == "__main__":
    main()
