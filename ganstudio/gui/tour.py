"""Walks the real window through its main job, with real clicks, and leaves screenshots and a report.

For machines without a screen, for the pictures of the README, and as the longest test there is.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.errors import GanStudioError
from ganstudio.gui import theme
from ganstudio.gui.app import missing_screen
from ganstudio.gui.document import Document
from ganstudio.gui.guards import GarbageCollector
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services.training_session import Phase
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.widgets.latent_slider import LatentSlider

_SIZE = (1280, 720)
_WAIT_S = 60.0


class TourError(GanStudioError):
    """A step of the tour did not do what it should."""


def let_live(milliseconds: int) -> None:
    """Let the window's event loop run; unlike QTest.qWait, worker threads run meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@dataclass
class Walk:
    """The window, where the pictures go, and what the report will say."""

    window: MainWindow
    folder: Path
    steps: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    def wait(self, what: str, is_done: Callable[[], bool], seconds: float = _WAIT_S) -> float:
        """Let the window live until something holds; returns how long it took, in seconds.

        Raises:
            TourError: It does not come about in time.
        """
        begun = time.perf_counter()
        while not is_done():
            if time.perf_counter() - begun > seconds:
                raise TourError(what, f"it did not happen within {seconds:.0f} s", "see the last screenshot")
            let_live(10)
        return time.perf_counter() - begun

    def tell(self, text: str, picture: str | None = None) -> None:
        """Note a step and take a screenshot of it."""
        let_live(150)
        line = f"- {time.perf_counter() - self.started:6.1f} s  {text}"
        if picture is not None:
            name = f"{len(list(self.folder.glob('*.png'))) + 1:02d}-{picture}.png"
            self.window.grab().save(str(self.folder / name))
            line += f"  ([{name}]({name}))"
        self.steps.append(line)
        sys.stderr.write(line + "\n")

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key on the window."""
        QTest.keyClick(self.window, key, modifiers)


def run_tour(folder: Path, minutes: float = 1.0) -> int:
    """Walk the window; leaves numbered screenshots and `report.md` in `folder`.

    Args:
        folder: Made where it is not there.
        minutes: How long to train on the way.

    Returns:
        The exit code: 0, or 1 when a step failed.
    """
    if missing_screen(dict(os.environ)):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TourError(folder, f"it cannot be made ({error.strerror})", "choose another folder") from error
    before = os.environ.get("GANSTUDIO_HOME")
    with tempfile.TemporaryDirectory(prefix="ganstudio-tour-") as home:
        os.environ["GANSTUDIO_HOME"] = home  # the tour leaves the person's own session and runs alone
        try:
            return _walk(folder, minutes)
        finally:
            os.environ.pop("GANSTUDIO_HOME")
            if before is not None:
                os.environ["GANSTUDIO_HOME"] = before


def _walk(folder: Path, minutes: float) -> int:
    app = QApplication.instance() or QApplication(["ganstudio"])
    if not isinstance(app, QApplication):
        raise TourError("tour", "another kind of Qt application runs already", "run it alone")
    collector = GarbageCollector(app)
    settings = SettingsStore()
    theme.apply_theme(app, settings.values.theme)
    window = MainWindow(document=Document(), settings=settings)
    window.resize(*_SIZE)
    walk = Walk(window, folder)
    window.document.failed.connect(lambda error: walk.errors.append(str(error)))
    window.session.failed.connect(lambda error: walk.errors.append(str(error)))
    window.rendering.failed.connect(lambda error: walk.errors.append(str(error)))
    failure = ""
    try:
        _explore(walk)
        _train(walk, minutes)
        _come_back(walk)
        failure = "; ".join(walk.errors)
    except TourError as error:
        failure = error.message
        walk.tell(f"FAILED: {failure}", "failed")
    finally:
        window.close()
        walk.wait("closing", lambda: not window.isVisible())
        collector.stop()
    _write_report(walk, failure)
    return 1 if failure else 0


def _explore(walk: Walk) -> None:
    window = walk.window
    window.start()
    window.show()
    if window.document.state.checkpoint is None:
        raise TourError(builtin_path(), "the built-in model is not there", "install GANStudio again")
    canvas = window.explore.canvas
    waited = walk.wait("the first picture", lambda: canvas.rendered is not None)
    walk.tell(f"the built-in model is on the canvas, {waited:.1f} s after the window", "explore")
    sliders = list(window.explore.directions.sliders.items())
    for name, slider in sliders[:3]:
        _drag(walk, slider, 0.85)
        walk.tell(f"dragged {name} to {slider.value:+.2f}", f"slider-{name}")
    _compare(walk)
    QTest.mouseClick(window.explore.directions.reset_button, Qt.MouseButton.LeftButton)
    for count in range(2, 8):
        walk.press(Qt.Key.Key_R)
        walk.wait("a new picture", partial(_has_history, window.document, count))
        _settle(walk)
    walk.tell(f"R gave new pictures, the history holds {len(window.document.state.history)}", "history")
    _drag(walk, window.explore.latent.truncation, 0.35)
    walk.tell(f"truncation {window.explore.latent.truncation.value:.2f}", "truncation")
    walk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    _blend(walk)
    walk.press(Qt.Key.Key_G)
    walk.wait("the grid", lambda: canvas.views.grid.is_complete)
    walk.tell("grid view", "grid")
    walk.press(Qt.Key.Key_G)
    _settle(walk)
    path = walk.folder / "saved-picture.png"
    canvas.save(path)
    walk.tell(f"saved {path.name}, which carries its recipe")


def _compare(walk: Walk) -> None:
    page = walk.window.explore.canvas.page
    walk.press(Qt.Key.Key_D)
    walk.press(Qt.Key.Key_H)
    walk.wait("the picture before", lambda: page.picture.compare == "divider")
    walk.tell("before and after beside a divider, with the histogram", "compare")
    walk.press(Qt.Key.Key_H)
    walk.press(Qt.Key.Key_D)


def _has_history(document: Document, count: int) -> bool:
    return len(document.state.history) >= count


def _blend(walk: Walk) -> None:
    latent = walk.window.explore.latent
    latent.second_seed.set_open(True)
    latent.second_seed.seed.setFocus()
    QTest.keyClicks(latent.second_seed.seed, "7")
    QTest.keyClick(latent.second_seed.seed, Qt.Key.Key_Return)
    walk.wait("the second seed", lambda: walk.window.document.state.look.blend_seed == 7)
    _drag(walk, latent.second_seed.blend, 0.5)
    walk.tell(f"half way to another picture: blend {latent.second_seed.blend.value:.2f}", "blend")
    walk.window.explore.canvas.picture.setFocus()


def _drag(walk: Walk, slider: LatentSlider, share: float) -> None:
    """Drag a slider's handle from where it is to a share of the track, as a hand does."""
    track = slider.track
    y = track.height() // 2
    start = round(6 + (track.value - track.low) / (track.high - track.low) * (track.width() - 12))
    end = round(6 + share * (track.width() - 12))
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(start, y))
    for step in range(1, 13):
        QTest.mouseMove(track, QPoint(start + (end - start) * step // 12, y))
        let_live(15)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(end, y))
    _settle(walk)


def _settle(walk: Walk) -> None:
    """Wait until the canvas shows what the document says."""
    window = walk.window

    def is_settled() -> bool:
        state, rendered = window.document.state, window.explore.canvas.rendered
        wanted = state.grid_looks if state.view == "grid" else (state.look,)
        return rendered is not None and rendered.request.looks == wanted

    walk.wait("the picture", is_settled)


def _train(walk: Walk, minutes: float) -> None:
    window, session = walk.window, walk.window.session
    window.commands["view.train"].trigger()
    walk.tell("the Train workspace before anything is chosen", "train-empty")
    window.train.dataset.choose("avatars:2000")
    walk.wait("the pictures", lambda: session.origin is not None)
    box = window.train.dataset.resolution
    box.setCurrentIndex(box.findData(32))
    box.activated.emit(box.currentIndex())
    walk.wait("32 px", lambda: session.origin is not None and session.origin.preparation.resolution == 32)
    walk.tell("the built-in avatars as they will be fed in", "dataset")
    window.train.recipe.length.setValue(max(2.0, 40.0 * minutes))
    QTest.mouseClick(window.train.recipe.start_button, Qt.MouseButton.LeftButton)
    walk.wait("training", lambda: session.phase is Phase.TRAINING, 300)
    walk.tell("training has begun")
    begun = time.perf_counter()

    def has_trained(seconds: float) -> bool:
        return time.perf_counter() - begun > seconds or session.phase is not Phase.TRAINING

    walk.wait("training", lambda: has_trained(minutes * 30), minutes * 60 + 60)
    walk.tell(f"half of the time: {session.history.kimg:.1f} kimg", "train")
    window.commands["view.explore"].trigger()
    _drag(walk, window.explore.latent.truncation, 0.5)
    walk.tell("meanwhile, Explore follows the hand", "explore-while-training")
    window.commands["view.train"].trigger()
    walk.wait("training", lambda: has_trained(minutes * 60), minutes * 60 + 120)
    walk.wait("a snapshot", lambda: bool(session.history.snapshots) or session.phase is not Phase.TRAINING, 600)
    _check_training(walk)
    if session.is_busy:
        QTest.mouseClick(window.train.progress.header.stop_button, Qt.MouseButton.LeftButton)
    walk.wait("stopping", lambda: session.phase in (Phase.STOPPED, Phase.FINISHED))
    walk.tell(f"stopped and saved at {session.history.kimg:.1f} kimg", "stopped")


def _check_training(walk: Walk) -> None:
    history = walk.window.session.history
    if not history.scalars or len(history.samples) < 2:
        raise TourError("training", "it drew no curves or samples", "see the report")
    walk.tell(f"{len(history.scalars)} points of the curves, {len(history.samples)} sample sheets")


def _come_back(walk: Walk) -> None:
    window, session = walk.window, walk.window.session
    scrubber = window.train.progress.scrubber
    scrubber.slider.setValue(scrubber.slider.maximum() // 2)
    walk.tell(f"scrubbed back to {scrubber.kimg or 0:.1f} kimg", "scrubbed")
    scrubber.slider.setValue(scrubber.slider.maximum())
    if session.history.snapshots:
        QTest.mouseClick(scrubber.open_button, Qt.MouseButton.LeftButton)
        walk.wait("the snapshot in Explore", lambda: window.document.state.checkpoint != str(builtin_path()))
        _settle(walk)
        walk.tell("the snapshot is open in Explore", "snapshot")
    settings = window.settings
    settings.update(theme="light")
    window.document.open_requested.emit(builtin_path())
    walk.wait("the built-in model", lambda: window.document.state.checkpoint == str(builtin_path()))
    _settle(walk)
    walk.tell("the same in the light theme", "light")
    settings.update(theme="dark")


def _write_report(walk: Walk, failure: str) -> None:
    background = QColor(theme.current().window).name()
    result = f"**Failed:** {failure}" if failure else "Every step did what it should."
    text = [
        "# A tour of GANStudio",
        "",
        result,
        "",
        *walk.steps,
        "",
        f"Window {_SIZE[0]} x {_SIZE[1]}, ground {background}.",
    ]
    (walk.folder / "report.md").write_text("\n".join(text) + "\n", encoding="utf-8")
