"""How long until the window and the first picture are there, next to a bare PySide6 window.

Run: python tests/benchmarks/startup.py [--runs 5]. Starts fresh processes one after the other, in turn, offscreen
unless QT_QPA_PLATFORM says otherwise; prints medians and ratios.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

BARE = """
import sys, time
start = float(sys.argv[1])
{extra}
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, self, self.tell)
    def tell(self):
        print("window", time.time() - start)
        app.quit()
window = Window()
window.resize(1280, 720)
window.show()
app.exec()
"""

OURS = """
import sys, time
start = float(sys.argv[1])
from PySide6.QtWidgets import QApplication
from ganstudio.gui import theme
from ganstudio.gui.document import Document
from ganstudio.gui.guards import GarbageCollector
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.settings import SettingsStore
app = QApplication([])
collector = GarbageCollector(app)
settings = SettingsStore()
theme.apply_theme(app, settings.values.theme)
window = MainWindow(document=Document(), settings=settings)
def painted():
    print("window", time.time() - start)
def drawn(rendered):
    print("picture", time.time() - start)
    window.close()
window.first_painted.connect(painted)
window.rendering.picture_ready.connect(drawn)
window.start()
window.resize(1280, 720)
window.show()
app.exec()
"""


def measure(code: str) -> dict[str, float]:
    """Run a program that prints "NAME SECONDS" lines, in a fresh process and home folder."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "GANSTUDIO_HOME": home}
        program = "import time, sys; sys.argv = ['x', str(time.time())]\n" + code
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def main() -> None:
    """Measure in turn and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    programs = {"bare": BARE.format(extra=""), "bare + torch": BARE.format(extra="import torch"), "ours": OURS}
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        for name, code in programs.items():
            for what, seconds in measure(code).items():
                found.setdefault(f"{name}: {what}", []).append(seconds)
    medians = {name: statistics.median(values) for name, values in found.items()}
    for name, seconds in medians.items():
        print(f"{name:24} {seconds:6.2f} s  (of {runs} runs: {min(found[name]):.2f} to {max(found[name]):.2f})")
    for name in ("ours: window", "ours: picture"):
        for base in ("bare: window", "bare + torch: window"):
            print(f"{name} / {base:22} {medians[name] / medians[base]:.2f}")


if __name__ == "__main__":
    main()
