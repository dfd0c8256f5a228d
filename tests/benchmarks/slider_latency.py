"""The program's own share of the time from a slider to the picture on the canvas.

Run: python tests/benchmarks/slider_latency.py [CHECKPOINT] [--moves 300]. Moves a slider through the window and waits
for each picture to be painted, in turn with bare forward passes of the same generator in the same process; prints
medians and the difference. Without a checkpoint it takes the built-in model.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.gui import theme
from ganstudio.gui.document import Document
from ganstudio.gui.guards import GarbageCollector
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.settings import SettingsStore


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", type=Path, default=builtin_path())
    parser.add_argument("--moves", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GANSTUDIO_HOME"] = home
        report(options.checkpoint, options.moves)


def report(checkpoint: Path, moves: int) -> None:
    """Open the window, measure in turn, print."""
    app = QApplication([])
    collector = GarbageCollector(app)
    settings = SettingsStore()
    theme.apply_theme(app, settings.values.theme)
    window = MainWindow(document=Document(), settings=settings)
    window.resize(1280, 720)
    window.start(checkpoint)
    window.show()
    wait_for(lambda: window.explore.canvas.rendered is not None)
    through, bare = [], []
    slider = window.explore.latent.truncation.track
    for move in range(moves):
        through.append(time_move(window, slider, 0.5 + 0.5 * (move % 100) / 100 + 0.001))
        bare.append(time_forward(checkpoint, bare_generator(checkpoint)))
    window.close()
    wait_for(lambda: not window.isVisible())
    collector.stop()
    ours, forward = statistics.median(through), statistics.median(bare)
    tail = sorted(through)[int(0.95 * len(through))]
    print(f"slider to painted picture  median {ours:6.2f} ms   95 % below {tail:6.2f} ms   ({moves} moves)")
    print(f"bare generator forward     median {forward:6.2f} ms")
    print(f"the program's own share    median {ours - forward:6.2f} ms   ratio {ours / forward:.2f}")


def time_move(window: MainWindow, slider: object, value: float) -> float:
    """Move the slider to a value and wait until the picture is painted; in ms."""
    painted = threading.Event()
    canvas = window.explore.canvas.picture
    begun = time.perf_counter()
    slider.edited.emit(value, 1)  # type: ignore[attr-defined] # what a mouse move on the track emits

    def is_painted() -> bool:
        rendered = window.explore.canvas.rendered
        if rendered is None or rendered.request.looks != (window.document.state.look,):
            return False
        canvas.repaint()
        painted.set()
        return True

    loop = QEventLoop()
    window.rendering.picture_ready.connect(loop.quit)
    if not is_painted():
        loop.exec()
        is_painted()
    window.rendering.picture_ready.disconnect(loop.quit)
    return (time.perf_counter() - begun) * 1000


_generators: dict[Path, object] = {}


def bare_generator(checkpoint: Path) -> object:
    """The generator itself, with the threads that the window's renderer takes."""
    if checkpoint not in _generators:
        import torch

        from ganstudio.checkpoints.building import build_generator
        from ganstudio.checkpoints.catalogue import read
        from ganstudio.devices import default_threads

        torch.set_num_threads(default_threads())
        _generators[checkpoint] = build_generator(read(checkpoint), torch.device("cpu"))
    return _generators[checkpoint]


def time_forward(checkpoint: Path, generator: object) -> float:
    """One forward pass of one latent, in ms."""
    import torch

    z = torch.randn(1, generator.spec.z_dim)  # type: ignore[attr-defined]
    with torch.inference_mode():
        begun = time.perf_counter()
        generator(z)  # type: ignore[operator]
        return (time.perf_counter() - begun) * 1000


def wait_for(is_done: object) -> None:
    """Let the event loop run until something holds."""
    while not is_done():  # type: ignore[operator]
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()


if __name__ == "__main__":
    main()
