"""How long the grid takes to paint: all of 400 cells, with marks, one cell, a batch that arrives.

    python tests/benchmarks/grid_painting.py [PIXELS ...]

PIXELS are heights and widths of the pictures (64, 256). Medians of 30 and the worst of them, in milliseconds of this
thread's processor time, on the offscreen platform: without a graphics card, as on a laptop.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from ganstudio.gui.widgets.picture_browser import PictureBrowser
from ganstudio.gui.widgets.picture_grid import GridItem
from ganstudio.gui.widgets.pixels import to_image

ROUNDS, COUNT, BATCH = 30, 400, 16


def measure(name: str, act: Callable[[], object]) -> None:
    """Print the median and the worst of many."""
    times = []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        act()
        times.append((time.thread_time() - begun) * 1000)
    print(f"  {name:32} {statistics.median(times):7.2f} ms   worst {max(times):7.2f} ms")


def run(app: QApplication, size: int) -> None:
    """Measure with pictures of one size."""
    random = np.random.default_rng(0)
    pictures = [to_image(random.integers(0, 256, (size, size, 3), dtype=np.uint8)) for _ in range(COUNT)]
    grid = PictureBrowser()
    grid.resize(1240, 800)
    grid.show_items([GridItem(image, f"Seed {seed}") for seed, image in enumerate(pictures)])
    begun = time.thread_time()
    grid.show()
    app.processEvents()
    grid.repaint()
    print(f"{size} px, {COUNT} cells of {grid.places.side} px")
    print(f"  {'first time, with scaling':32} {(time.thread_time() - begun) * 1000:7.2f} ms")
    measure("all cells", grid.repaint)
    middle = grid.places.cell(COUNT // 2)
    measure("one cell", lambda: grid.repaint(middle))
    places = range(BATCH)
    others = [pictures[:BATCH], pictures[BATCH : 2 * BATCH]] * ROUNDS

    def take_batch() -> None:
        grid.show_parts(places, others.pop())
        app.processEvents()

    measure(f"{BATCH} pictures arrive", take_batch)
    grid.set_picks(range(COUNT))
    grid.set_badges(dict.fromkeys(range(COUNT), "+*"))
    measure("all cells, selected and marked", grid.repaint)
    grid.close()


def main() -> None:
    """Measure."""
    app = QApplication([])
    for size in [int(text) for text in sys.argv[1:]] or [64, 256]:
        run(app, size)


if __name__ == "__main__":
    main()
