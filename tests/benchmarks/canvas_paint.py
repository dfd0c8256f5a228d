"""What a picture costs from the network's pixels to the painted canvas, in the window's thread.

Run: python tests/benchmarks/canvas_paint.py [--rounds 200] [--side 560]. For pictures of 64, 256 and 1024 px on screens
of single and double density, smooth and in squares, alone and with a divider: hands new pixels to the canvas and
repaints it at once, each time with another picture. Prints the median and the 99th percentile in milliseconds of the
process's own time, over all its threads, which other programs do not change. The double density is taken by a process
of its own, for Qt reads it at the start.
"""

import argparse
import os
import subprocess
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import torch
from PySide6.QtWidgets import QApplication

from ganstudio.gui.theme import apply_theme
from ganstudio.gui.widgets.picture_canvas import PictureCanvas
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.images import to_uint8

SIZES = (64, 256, 1024)
KEPT = 8  # pictures that take turns


def main() -> None:
    """Measure at both densities and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--side", type=int, default=560, help="of the canvas, in pixels of the window")
    parser.add_argument("--density", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.density is not None:
        report(options.rounds, options.side, options.density)
        return
    for density in (1, 2):
        own = [sys.executable, __file__, f"--rounds={options.rounds}", f"--side={options.side}", f"--density={density}"]
        subprocess.run(own, env={**os.environ, "QT_SCALE_FACTOR": str(density)}, check=True)


def report(rounds: int, side: int, density: int) -> None:
    """Measure all sizes at one density."""
    app = QApplication([])
    apply_theme(app, "dark")
    canvas = PictureCanvas()
    canvas.resize(side, side)
    canvas.show()
    app.processEvents()
    assert canvas.devicePixelRatioF() == density
    for size in SIZES:
        for smooth in (True, False):
            for compare in ("off", "divider"):
                convert, paint = measure(canvas, size, rounds, (smooth, compare))
                total = sorted(first + second for first, second in zip(convert, paint, strict=True))
                how = f"{'smooth' if smooth else 'squares'}{', divider' if compare == 'divider' else ''}"
                print(
                    f"{size:5d} px on {side * density} screen px  {how:17s}"
                    f"convert {np.median(convert):5.2f}  paint {np.median(paint):5.2f}"
                    f"  total {np.median(total):5.2f} ms   99 % below {np.percentile(total, 99):5.2f}"
                )


def measure(canvas: PictureCanvas, size: int, rounds: int, how: tuple[bool, str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each conversion and of each painting."""
    random = torch.Generator().manual_seed(0)
    pictures = [to_uint8(torch.rand(1, 3, size, size, generator=random) * 2 - 1)[0] for _ in range(KEPT)]
    canvas.set_smooth(how[0])
    canvas.set_compare("divider" if how[1] == "divider" else "off")
    canvas.show_before(to_image(pictures[0]))
    convert, paint = [], []
    for round_ in range(rounds + KEPT):
        begun = time.process_time()
        image = to_image(pictures[round_ % KEPT])
        converted = time.process_time()
        canvas.show_image(image)
        canvas.repaint()
        painted = time.process_time()
        if round_ >= KEPT:
            convert.append((converted - begun) * 1000)
            paint.append((painted - converted) * 1000)
    return convert, paint


if __name__ == "__main__":
    main()
