"""The output on machines with several screens; Qt reads them at the start, so in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

SCREEN = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1, "y": 0, "width": 800, "height": 600}
SCRIPT = """
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from ganstudio.gui.output_screen import OutputScreen
from ganstudio.gui.settings import SettingsStore

app = QApplication([])
window = QWidget()
window.setGeometry(10, 10, 300, 200)
window.show()
app.processEvents()
screen = OutputScreen(window, SettingsStore())
screen.toggle()
menus = window.findChildren(QMenu)
if menus:
    print([action.text() for action in menus[0].actions()])
    menus[0].actions()[-1].trigger()
app.processEvents()
print(screen.output.screen().name(), screen.output.geometry().getRect())
app.screenRemoved.emit(app.primaryScreen())
print(screen.output is not None)
app.screenRemoved.emit(screen.output.screen())
print(screen.output is not None)
"""


def run_with_screens(count: int, tmp_path: Path) -> list[str]:
    config = tmp_path / "screens.json"
    screens = [{**SCREEN, "name": f"screen {number}", "x": 800 * number} for number in range(count)]
    config.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_second_screen_is_taken_and_given_back_when_it_is_unplugged(tmp_path: Path) -> None:
    assert run_with_screens(2, tmp_path) == ["screen 1 (800, 0, 800, 600)", "True", "False"]


def test_of_several_screens_one_is_chosen(tmp_path: Path) -> None:
    lines = run_with_screens(3, tmp_path)
    assert lines[0] == "['screen 1, 800 × 600', 'screen 2, 800 × 600']"
    assert lines[1] == "screen 2 (1600, 0, 800, 600)"
