"""Dataset: which pictures to train on, and what of them will really be fed in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.datasets.base import PictureSource
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.checking import count_classes
from ganstudio.datasets.fitting import BACKGROUNDS, FITS, RESAMPLINGS, PreparationConfig
from ganstudio.datasets.preparation import Preview, preview, suggest_preparation
from ganstudio.datasets.suggestion import RESOLUTIONS, suggest_labels
from ganstudio.errors import GanStudioError
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.picture_check import PictureCheck
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.widgets.class_bars import ClassBars
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.config import TrainingConfig
from ganstudio.training.data_order import held_count
from ganstudio.training.origin import Origin

PREVIEWED = 24
_FIT_TITLES = {
    "crop": "Crop the middle",
    "top": "Crop the top (portraits)",
    "pad": "Pad with bars",
    "fit": "Squeeze to a square",
}
_BACKGROUND_TITLES = {"white": "White", "grey": "Grey", "black": "Black"}
_CHANNEL_TITLES = {3: "Colour", 1: "Grey"}
_RESAMPLING_TITLES = {
    "lanczos": "Lanczos (sharp)",
    "box": "Box (average)",
    "bilinear": "Bilinear (soft)",
    "nearest": "Nearest (pixel art)",
}


@dataclass(frozen=True)
class SourceOpened:
    """What was found in a place, and some of it prepared."""

    place: str
    title: str
    count: int
    class_names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    preparation: PreparationConfig
    previews: tuple[Preview, ...]
    class_counts: tuple[int, ...] = ()
    use_labels: bool | None = None
    """Whether to learn the classes, where the place is a new one."""


@dataclass(frozen=True)
class ChosenFacts:
    """What presets need to know before pictures are prepared."""

    count: int
    resolution: int
    channels: int
    class_count: int


def look_at(place: str, preparation: PreparationConfig | None) -> Iterator[SourceOpened]:
    """Open a place and prepare a few of its pictures; the preparation is suggested where None is given."""
    source: PictureSource = open_source(place)
    try:
        chosen = preparation or suggest_preparation(source)
        previews = tuple(preview(source, chosen, PREVIEWED))
        left_out = tuple((skipped.name, skipped.reason) for skipped in source.left_out[:1000])
        use_labels = suggest_labels(source) if preparation is None else None
        yield SourceOpened(
            place, source.title, len(source), source.class_names, left_out, chosen, previews, count_classes(source),
            use_labels,
        )  # fmt: skip
    finally:
        source.close()


class _Preview(PictureGrid):
    """A grid that has the height which everything else leaves."""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(super().sizeHint().width(), self.minimumHeight())


class DatasetPanel(QWidget):
    """Chooses pictures and shows them as they will be fed in.

    Args:
        session: Takes the choice.
        check: Knows which pictures are left out.
        jobs: Runs the looking.

    Signals:
        check_wanted(): The person wants to see copies and outliers.
    """

    check_wanted = Signal()

    def __init__(
        self, *, session: TrainingSession, check: PictureCheck, jobs: JobList, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session = session
        self._check = check
        self._jobs = jobs
        self._job: Job | None = None
        self._opened: SourceOpened | None = None
        self._wanted: tuple[str, PreparationConfig | None] | None = None
        self._title = QLabel(self, wordWrap=True)
        self._title.setProperty("role", "heading")
        self._facts = QLabel(self, wordWrap=True)
        self._facts.setProperty("role", "muted")
        self._error = QLabel(self, wordWrap=True)
        self._error.setProperty("role", "danger")
        self._grid = _Preview(gap=2, parent=self)
        self._left_out = QPlainTextEdit(self, readOnly=True)
        self._left_out_toggle = QPushButton(self)
        self._left_out_toggle.setCheckable(True)
        self.classes = Fold("Classes", parent=self)
        self._class_bars = ClassBars(self)
        self.classes.body.addWidget(self._class_bars)
        self.check_button = QPushButton("Find Copies and Outliers…", self)
        self.check_button.setToolTip("Compare all pictures with each other, look at what was found, leave some out")
        self._split = QLabel(self, wordWrap=True)
        self._split.setProperty("role", "muted")
        self._controls = QWidget(self)
        self._use_labels = QCheckBox("Learn the classes", self)
        self._use_labels.setToolTip("The network is told each picture's class and can then draw any class on demand.")
        self.resolution = _make_choice(self, {size: f"{size} px" for size in RESOLUTIONS})
        self._channels = _make_choice(self, _CHANNEL_TITLES)
        self._fit = _make_choice(self, {name: _FIT_TITLES[name] for name in FITS})
        self._resampling = _make_choice(self, {name: _RESAMPLING_TITLES[name] for name in RESAMPLINGS})
        self._background = _make_choice(self, {name: _BACKGROUND_TITLES[name] for name in BACKGROUNDS})
        self._background.setToolTip("Of bars, and behind what is transparent")
        self._lay_out()
        self._connect()
        self._show_nothing()

    def choose(self, place: str | Path) -> None:
        """Look at a place: a path, or "avatars"."""
        self._look(str(place), None)

    def _lay_out(self) -> None:
        choose = QHBoxLayout()
        choose.setSpacing(8)
        for text, tip, slot in (
            ("Avatars", "20,000 faces drawn by GANStudio; nothing to download", lambda: self.choose("avatars")),
            ("Folder…", "A folder of pictures; class folders become classes", self._choose_folder),
            ("File…", "A zip, npz, npy or idx file", self._choose_file),
        ):
            button = QPushButton(text, self)
            button.setToolTip(tip)
            button.clicked.connect(slot)
            choose.addWidget(button, 1)
        form = QGridLayout(self._controls)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(8)
        rows = (
            ("Size", self.resolution),
            ("Colours", self._channels),
            ("Shape", self._fit),
            ("Scaling", self._resampling),
            ("Ground", self._background),
        )
        for row, (text, box) in enumerate(rows):
            label = QLabel(text, self)
            label.setProperty("role", "muted")
            label.setBuddy(box)
            box.setAccessibleName(text)
            form.addWidget(label, row, 0)
            form.addWidget(box, row, 1)
        form.addWidget(self._use_labels, len(rows), 0, 1, 2)
        form.setColumnStretch(1, 1)
        choose.setContentsMargins(12, 12, 12, 8)
        scroll = ScrollingColumn(self, fills=True)  # in a low window not all of it has room
        scroll.column.setContentsMargins(12, 0, 12, 12)
        for label in (self._title, self._facts, self._error):
            scroll.column.addWidget(label)
        scroll.column.addWidget(self._grid, 1)
        rest = (self._left_out_toggle, self._left_out, self.classes, self._split, self.check_button, self._controls)
        for widget in rest:
            scroll.column.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(choose)
        layout.addWidget(scroll, 1)

    def _connect(self) -> None:
        for box in (self.resolution, self._channels, self._fit, self._resampling, self._background):
            box.activated.connect(self._on_preparation_activated)
        self._use_labels.toggled.connect(lambda _checked: self._hand_over())
        self._left_out_toggle.setProperty("role", "flat")
        self._left_out_toggle.toggled.connect(self._left_out.setVisible)
        self._left_out.setMaximumHeight(96)
        self.check_button.clicked.connect(self._on_check_clicked)
        self._check.changed.connect(self._hand_over)

    def _choose_folder(self) -> None:
        if path := QFileDialog.getExistingDirectory(self, "Train on a Folder of Pictures"):
            self.choose(path)

    def _choose_file(self) -> None:
        kinds = "Pictures in one file (*.zip *.npz *.npy *.gz *ubyte *.idx);;All files (*)"
        if path := QFileDialog.getOpenFileName(self, "Train on Pictures in a File", "", kinds)[0]:
            self.choose(path)

    def _on_preparation_activated(self) -> None:
        if self._opened is None:
            return
        preparation = replace(
            self._opened.preparation,
            resolution=self.resolution.currentData(),
            channels=self._channels.currentData(),
            fit=self._fit.currentData(),
            resampling=self._resampling.currentData(),
            background=self._background.currentData(),
        )
        self._look(self._opened.place, preparation)

    def _look(self, place: str, preparation: PreparationConfig | None) -> None:
        self._wanted = (place, preparation)
        if self._job is not None and self._job.is_active:
            return  # taken up when that one has ended
        self._wanted = None
        self._error.hide()
        self._facts.setText("Looking at the pictures…")
        self._facts.show()
        job = Job(lambda: look_at(place, preparation), f"Looking at {Path(place).name}")
        self._job = job
        job.progressed.connect(self._on_job_progressed)
        job.failed.connect(self._on_job_failed)
        job.state_changed.connect(lambda _state: QTimer.singleShot(0, self, self._take_up_wanted))
        self._jobs.start(job)

    def _take_up_wanted(self) -> None:
        if self._wanted is not None and (self._job is None or not self._job.is_active):
            self._look(*self._wanted)

    def _on_job_progressed(self, events: list[SourceOpened]) -> None:
        self._opened = events[-1]
        if self._opened.use_labels is not None:
            self._use_labels.blockSignals(True)
            self._use_labels.setChecked(self._opened.use_labels)
            self._use_labels.blockSignals(False)
        self._show_opened(self._opened)
        self._check.take(self._opened.place, self._opened.preparation)  # and so hands over

    def _on_job_failed(self, error: BaseException) -> None:
        self._show_nothing()
        text = (
            f"{error.reason[:1].upper()}{error.reason[1:]}; {error.remedy}."
            if isinstance(error, GanStudioError)
            else ""
        )
        subject = Path(error.subject).name if isinstance(error, GanStudioError) else ""
        self._error.setText(f"{subject}: {text}" if text else f"These pictures cannot be read ({error}).")
        self._error.show()

    def _on_check_clicked(self) -> None:
        if self._check.found is None:
            self._check.start()
        self.check_wanted.emit()

    def _hand_over(self) -> None:
        if self._opened is None:
            return
        opened = self._opened
        labels = bool(opened.class_names) and self._use_labels.isChecked()
        classes = len(opened.class_names) if labels else 0
        out = tuple(sorted(self._check.left_out))
        count = opened.count - len(out)
        facts = ChosenFacts(count, opened.preparation.resolution, opened.preparation.channels, classes)
        self._show_split(facts, len(out))
        self._session.choose_pictures(Origin(opened.place, opened.preparation, labels, out), facts)

    def _show_split(self, facts: ChosenFacts, left_out: int) -> None:
        """Say how many pictures are not trained on, and why."""
        try:
            share = self._session.plan.configure(facts).holdout
        except GanStudioError:  # the recipe says what is wrong
            share = TrainingConfig().holdout
        held = held_count(facts.count, share)
        words = [f"{held:,} of them are held out, to measure with pictures that training never sees."] if held else []
        words += [f"{left_out:,} left out by hand."] if left_out else []
        self._split.setText(" ".join(words))
        self._split.setVisible(bool(words))

    def _show_nothing(self) -> None:
        self._opened = None
        self._title.setText("No pictures chosen")
        self._facts.setText("Take the built-in avatars, or drop a folder, zip, npz or idx file of your own.")
        self._grid.show_empty("Here you will see what is really fed in.")
        for widget in (
            self._error, self._left_out, self._left_out_toggle, self.classes, self._split, self.check_button,
            self._controls,
        ):  # fmt: skip
            widget.hide()
        self._check.take("", None)
        self._session.choose_pictures(None, None)

    def _show_opened(self, opened: SourceOpened) -> None:
        self._title.setText(opened.title)
        self._title.setToolTip(opened.place)
        classes = len(opened.class_names)
        text = f"{opened.count:,} picture{'s' if opened.count != 1 else ''}"
        self._facts.setText(f"{text}, {classes} classes" if classes else text)
        self._facts.setToolTip(", ".join(opened.class_names[:50]))
        self._grid.show_items([_to_item(found) for found in opened.previews])
        self._show_left_out(opened)
        preparation = opened.preparation
        for box, value in (
            (self.resolution, preparation.resolution),
            (self._channels, preparation.channels),
            (self._fit, preparation.fit),
            (self._resampling, preparation.resampling),
            (self._background, preparation.background),
        ):
            box.setCurrentIndex(box.findData(value))
        self._use_labels.setVisible(classes > 1)
        self.classes.setVisible(classes > 1 and bool(opened.class_counts))
        self.classes.set_count(classes)
        self._class_bars.show_classes(opened.class_names, opened.class_counts)
        self.check_button.show()
        self._controls.show()

    def _show_left_out(self, opened: SourceOpened) -> None:
        bad = [(found.name, found.outcome) for found in opened.previews if isinstance(found.outcome, str)]
        lines = [f"{name}: {reason}" for name, reason in (*opened.left_out, *bad)]
        self._left_out_toggle.setVisible(bool(lines))
        self._left_out_toggle.setText(f"{len(lines)} left out so far – show why")
        self._left_out_toggle.setChecked(False)
        self._left_out.setPlainText("\n".join(lines))
        self._left_out.hide()


def _to_item(found: Preview) -> GridItem:
    if isinstance(found.outcome, str):
        return GridItem(None, found.name, found.outcome)
    return GridItem(to_image(found.outcome), found.name)


def _make_choice(parent: QWidget, titles: dict[int, str] | dict[str, str]) -> QComboBox:
    box = QComboBox(parent)
    guard_wheel(box)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    for value, title in titles.items():
        box.addItem(title, value)
        box.setItemData(box.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
    return box
