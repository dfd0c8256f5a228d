"""Two runs beside each other: their sheets at the same moment, a curve of both, and what was set differently."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSlider,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.sections.run_side import RunSide
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.runs.comparing import differences
from ganstudio.training.runs.run_history import series
from ganstudio.training.runs.run_list import list_runs, runs_folder

_POLL_MS = 2000
_STEPS = 1000
_VALUE_WIDTH = 88
CURVES = {
    "kid": "Distance (KID × 1000)",
    "diversity": "Variety, real = 1",
    "copying": "Newness, real = 1",
    "missing": "Missing kinds",
    "loss_generator": "Generator's loss",
    "loss_discriminator": "Discriminator's loss",
    "d_real": "D(real)",
    "d_fake": "D(fake)",
    "gradient_generator": "Generator's gradient",
    "gradient_discriminator": "Discriminator's gradient",
    "images_per_second": "Pictures a second",
}


class RunComparisonPanel(QWidget):
    """Shows run A and run B.

    Args:
        session: The run it shows is offered, too.
    """

    def __init__(self, *, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.sides = RunSide("A", self), RunSide("B", self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, _STEPS)
        self.slider.setValue(_STEPS)
        self.slider.setAccessibleName("Moment of both runs")
        self.slider.setToolTip("Go over both runs; each shows its sheet nearest to the moment")
        self._moment = QLabel(self)
        self._moment.setProperty("role", "value")
        self._moment.setMinimumWidth(80)
        self.curve = QComboBox(self)
        guard_wheel(self.curve)
        self.curve.setAccessibleName("Curve")
        for name, title in CURVES.items():
            self.curve.addItem(title, name)
        self._plot_place = QVBoxLayout()
        self._plot: Any = None
        self.settings = _make_settings_table(self)
        self._settings_heading = QLabel("Set differently", self)
        self._settings_heading.setProperty("role", "heading")
        self._timer = QTimer(self, interval=_POLL_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(16)
        for side in self.sides:
            sides.addWidget(side, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self._moment)
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 8)
        column.addLayout(sides, 1)
        column.addLayout(row)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(above)
        splitter.addWidget(self._make_below())
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(splitter)

    def _make_below(self) -> QSplitter:
        """The curve on the left, the settings on the right."""
        below = QSplitter(Qt.Orientation.Horizontal, self)
        below.setChildrenCollapsible(False)
        for top, rest in ((self.curve, self._plot_place), (self._settings_heading, self.settings)):
            side = QWidget(below)
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 8 if rest is self._plot_place else 0, 0)
            column.setSpacing(4)
            column.addWidget(top)
            if isinstance(rest, QWidget):
                column.addWidget(rest, 1)
            else:
                column.addLayout(rest, 1)
            below.addWidget(side)
        return below

    def _connect(self) -> None:
        self.slider.valueChanged.connect(lambda _value: self._show_moment())
        self.curve.currentIndexChanged.connect(lambda _index: self._show_curve())
        self._timer.timeout.connect(self._on_timer_timeout)
        for side in self.sides:
            side.changed.connect(self.refresh)
            side.failed.connect(self._session.failed)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        if self._plot is None:
            from ganstudio.gui.widgets.pair_plot import PairPlot  # late: pyqtgraph takes most of a second to load

            self._plot = PairPlot(self)
            self._plot_place.addWidget(self._plot)
        runs = list_runs(runs_folder())
        for side in self.sides:
            side.offer(runs)
        if self.sides[0].path is None and self._session.run is not None and self._session.run.exists:
            self.sides[0].show_run(self._session.run.path)
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self._timer.stop()

    def compare(self, first: Path, second: Path) -> None:
        """Show these two runs."""
        for side, path in zip(self.sides, (first, second), strict=True):
            side.show_run(path)

    def refresh(self) -> None:
        """Show both runs as they are now."""
        self.slider.setEnabled(self._length() > 0)
        self._show_moment()
        self._show_curve()
        self._show_settings()

    def _on_timer_timeout(self) -> None:
        for side in self.sides:
            side.poll()

    def _length(self) -> float:
        return max((side.history.kimg for side in self.sides), default=0.0)

    def _show_moment(self) -> None:
        kimg = self.slider.value() / _STEPS * self._length()
        self._moment.setText(f"{kimg:.1f} kimg" if self._length() else "")
        for side in self.sides:
            side.show_moment(kimg)

    def _show_curve(self) -> None:
        if self._plot is None:
            return
        name = self.curve.currentData()
        factor = 1000.0 if name == "kid" else 1.0
        lines = [series([*side.history.scalars, *side.history.scores], name) for side in self.sides]
        self._plot.show_pair(*((x, [factor * value for value in y]) for x, y in lines))

    def _show_settings(self) -> None:
        self.settings.clear()
        first, second = (side.history.config for side in self.sides)
        if first is None or second is None:
            self._settings_heading.setText("Set differently")
            return
        found = differences(first, second)
        self._settings_heading.setText("Set differently" if found else "All settings are the same")
        for one in found:
            row = QTreeWidgetItem(self.settings, [one.title, one.first, one.second])
            for column in range(3):
                row.setToolTip(column, row.text(column))


def _make_settings_table(parent: QWidget) -> QTreeWidget:
    table = QTreeWidget(parent)
    table.setAccessibleName("Settings that differ")
    table.setHeaderLabels(["Setting", "A", "B"])
    table.setRootIsDecorated(False)
    table.header().setStretchLastSection(False)
    table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2):
        table.setColumnWidth(column, _VALUE_WIDTH)
    return table
