"""What the benchmarks that go through the window share: opening it, letting it work, models to open in it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from ganstudio.gui import theme
from ganstudio.gui.document import Document
from ganstudio.gui.guards import GarbageCollector
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.settings import SettingsStore

LONGEST_WAIT_S = 600


@contextmanager
def open_window(checkpoint: Path | None = None) -> Iterator[MainWindow]:
    """A window of 1280x720 px that shows the first picture of a model; closed properly at the end."""
    app = QApplication([])
    collector = GarbageCollector(app)
    settings = SettingsStore()
    theme.apply_theme(app, settings.values.theme)
    window = MainWindow(document=Document(), settings=settings)
    window.resize(1280, 720)
    window.start(checkpoint)
    window.show()
    try:
        wait_until(lambda: window.explore.canvas.rendered is not None)
        yield window
    finally:
        window.close()
        wait_until(lambda: not window.isVisible())
        collector.stop()


def run_for(ms: int) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def wait_until(is_done: Callable[[], bool]) -> None:
    """Let the event loop run until something holds; ends the program where it never does."""
    for _ in range(100 * LONGEST_WAIT_S):
        if is_done():
            return
        run_for(10)
    raise SystemExit(f"what was waited for did not come in {LONGEST_WAIT_S} s")


def write_model(folder: Path, network: str, **settings: object) -> Path:
    """Write a generator of an architecture with random weights."""
    import torch

    from ganstudio.checkpoints.building import GeneratorFile, save_generator
    from ganstudio.networks.catalogue import NETWORKS

    config = NETWORKS[network].make_config(settings)
    generator = NETWORKS[network].build_generator(config, torch.Generator().manual_seed(0))
    path = folder / f"{network}-{config.resolution}.safetensors"
    save_generator(path, generator, GeneratorFile(network, config))
    return path
