"""One side of a comparison: which run, and its sample sheet at a moment."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.runs.following import RunFollower
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.runs.run_list import RunSummary

_LEAST_CHARACTERS = 12


class RunSide(QWidget):
    """Chooses a run and shows it.

    Args:
        letter: "A" or "B".

    Signals:
        changed(): Another run, or more of it, is shown.
        failed(error): A run could not be read.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = letter
        self._follower: RunFollower | None = None
        self._path: Path | None = None
        self._shown = ""
        self.choice = QComboBox(self)
        guard_wheel(self.choice)
        self.choice.setAccessibleName(f"Run {letter}")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(_LEAST_CHARACTERS)
        self.choice.activated.connect(lambda _index: self.show_run(self.choice.currentData()))
        other = QPushButton("Other…", self)
        other.setToolTip("A run that is kept elsewhere")
        other.clicked.connect(self._choose_folder)
        self._moment = QLabel(self)
        self._moment.setProperty("role", "muted")
        self._sheet = PictureGrid(parent=self)
        self._sheet.setAccessibleName(f"Sample sheet of run {letter}")
        head = QHBoxLayout()
        head.setSpacing(8)
        name = QLabel(letter, self)
        name.setProperty("role", "heading")
        head.addWidget(name)
        head.addWidget(self.choice, 1)
        head.addWidget(other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._sheet, 1)
        layout.addWidget(self._moment)
        self.show_moment(0.0)

    @property
    def path(self) -> Path | None:
        """The run's folder, or None."""
        return self._path

    @property
    def history(self) -> RunHistory:
        """What is known of the run; empty while none is chosen."""
        return self._follower.history if self._follower is not None else RunHistory()

    def offer(self, runs: Sequence[RunSummary]) -> None:
        """List these runs; the one shown stays."""
        self.choice.clear()
        for run in runs:
            if not run.problem:
                self.choice.addItem(run.path.name, run.path)
        if self._path is not None:
            self._point_to(self._path)
        else:
            self.choice.setCurrentIndex(-1)

    def show_run(self, path: Path) -> None:
        """Show this run."""
        try:
            self._follower = RunFollower(RunFolder(path))
        except GanStudioError as error:
            self.failed.emit(error)
            return
        self._path, self._shown = path, ""
        self._point_to(path)
        self.changed.emit()

    def poll(self) -> None:
        """Read what is new of a run that goes on."""
        try:
            is_new = self._follower is not None and self._follower.poll()
        except GanStudioError:  # it was moved away; what was read stays
            self._follower = None
            self._path, self._shown, is_new = None, "", True
            self.choice.setCurrentIndex(-1)
        if is_new:
            self.changed.emit()

    def show_moment(self, kimg: float) -> None:
        """Show the sheet nearest to a moment."""
        nearest = min(self.history.samples, key=lambda pair: abs(pair[0] - kimg), default=None)
        if nearest is None:
            self._shown = ""
            self._moment.setText("")
            self._sheet.show_empty(
                f"Choose run {self._letter}." if self._path is None else "This run has drawn no sheet yet."
            )
            return
        moment, path = nearest
        self._moment.setText(f"{moment:.1f} kimg{self._say_score(moment)}")
        if str(path) != self._shown:
            self._shown = str(path)
            image = QImage(str(path))
            self._sheet.show_items([GridItem(None if image.isNull() else image, f"{moment:.1f} kimg")])

    def _say_score(self, kimg: float) -> str:
        """The last distance that was measured until a moment."""
        known = [line["kid"] for line in self.history.scores if "kid" in line and line["kimg"] <= kimg + 1e-6]
        return f", distance {1000 * known[-1]:.2f}" if known else ""

    def _point_to(self, path: Path) -> None:
        index = next((at for at in range(self.choice.count()) if self.choice.itemData(at) == path), -1)
        if index < 0:
            self.choice.addItem(path.name, path)
            index = self.choice.count() - 1
        self.choice.setCurrentIndex(index)

    def _choose_folder(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, f"Choose Run {self._letter}"):
            self.show_run(Path(path))
