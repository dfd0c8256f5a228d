"""Plots of curves that grow while something runs; redrawn at most ten times a second."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.gui.widgets.plot_heading import PlotHeading
from ganstudio.gui.widgets.value_axis import ValueAxis

REDRAW_MS = 100

_STYLES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}


@dataclass(frozen=True)
class Mark:
    """A moment that stands out, on all plots of a run.

    Attributes:
        x: When.
        kind: One of `MARKS`.
        text: What happened.
    """

    x: float
    kind: str
    text: str


MARKS = {
    "best": (("#35c79a", "#00795a"), "solid"),
    "warning": (("#e69f00", "#b35900"), "dot"),
    "change": (("#9a9a9a", "#707070"), "dash"),
}
"""Colours for dark and light themes, and the dash, of each kind of mark."""
_MOST_MARKS = 50  # on a plot; more would hide the curves


@dataclass(frozen=True)
class Curve:
    """One line of a plot.

    Attributes:
        name: Key of its data.
        title: What the legend calls it; "" for a line that belongs to another.
        colours: For dark and for light themes; told apart by colour-blind eyes, and by the dash besides.
        dash: "solid", "dash" or "dot".
    """

    name: str
    title: str
    colours: tuple[str, str]
    dash: str = "solid"


class CurvePlot(QWidget):
    """A titled plot with a legend that shows the last values.

    Args:
        title: What is plotted.
        curves: The lines.
        level: A line across at this height, with a word to it.
        percent: Whether values are shares, shown as 0 to 100 %.
        log: Whether the axis counts powers of ten; values of 0 or less are left out.
        bottom: What x counts, where that is not time: written below, and the legend tells no last values.
        tip: What the heading tells where the pointer rests on it.

    Signals:
        pointed(x): The pointer is at this moment, or None where it has left the plot.
    """

    pointed = Signal(object)

    def __init__(  # noqa: PLR0913 - what a plot is, each by its name
        self,
        title: str,
        curves: Sequence[Curve],
        level: tuple[float, str] | None = None,
        *,
        percent: bool = False,
        log: bool = False,
        bottom: str = "",
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._curves = tuple(curves)
        self._percent, self._log = percent, log
        self._bottom = bottom
        self._data: dict[str, tuple[list[float], list[float]]] = {}
        self._legend = {curve.name: QLabel(self) for curve in curves}
        self._heading = PlotHeading(title, list(self._legend.values()), tip, self)
        self._plot = pyqtgraph.PlotWidget(self, background=None, axisItems={"left": ValueAxis()})
        self._lines = {curve.name: self._plot.plot() for curve in curves}
        self._raw = {curve.name: self._plot.plot() for curve in curves}  # behind smoothed curves
        self._smoothing = 0.0
        self._marks: list[tuple[Mark, pyqtgraph.InfiniteLine]] = []
        self._cursor_x: float | None = None
        self._cursor = pyqtgraph.InfiniteLine(angle=90)
        self._cursor.hide()
        self._plot.addItem(self._cursor, ignoreBounds=True)
        self._level = self._make_level(level)
        self._timer = QTimer(self, singleShot=True, interval=REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self._set_up_plot()
        self._lay_out()
        self._dress()
        self._redraw()

    def set_data(self, data: dict[str, tuple[list[float], list[float]]]) -> None:
        """Show these x and y by curve name; drawn a moment later."""
        self._data = data
        self._redraw_soon()

    def set_smoothing(self, weight: float) -> None:
        """Show moving averages, and behind them what they are of.

        Args:
            weight: Of what came before: 0 for none, towards 1 for ever smoother curves.
        """
        self._smoothing = weight
        self._redraw_soon()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Mark these moments, the last of them where there are very many."""
        for _mark, line in self._marks:
            self._plot.removeItem(line)
        self._marks = [(mark, pyqtgraph.InfiniteLine(pos=mark.x, angle=90)) for mark in marks[-_MOST_MARKS:]]
        for _mark, line in self._marks:
            self._plot.addItem(line, ignoreBounds=True)
        self._dress_marks()

    def set_cursor(self, x: float | None) -> None:
        """Show the values at a moment, or with None the last ones."""
        self._cursor_x = x
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setPos(x)
        self._tell_values()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the pointer over the plot."""
        if event.type() == QEvent.Type.MouseMove:
            self.pointed.emit(self._moment_at(event))
        elif event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return super().eventFilter(watched, event)

    def _moment_at(self, event: Any) -> float | None:
        place = self._plot.mapToScene(event.position().toPoint())
        item = self._plot.getPlotItem()
        if not self._has_data or not item.vb.sceneBoundingRect().contains(place):
            return None
        return float(item.vb.mapSceneToView(place).x())

    def _redraw_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
            self._redraw()

    def _set_up_plot(self) -> None:
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(True)
        item.setMouseEnabled(x=False, y=False)
        item.setContentsMargins(0, 4, 4, 0)
        if self._percent:
            item.setYRange(0.0, 1.0, padding=0.04)
            item.getAxis("left").setTicks([[(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")]])
        if self._log:
            item.setLogMode(y=True)
        item.getAxis("left").setWidth(48)
        if self._bottom:
            item.setLabel("bottom", self._bottom)
            item.getAxis("bottom").enableAutoSIPrefix(False)
        self._plot.setMinimumHeight(72)
        if not self._bottom:
            self._plot.viewport().setMouseTracking(True)
            self._plot.viewport().installEventFilter(self)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._heading)
        layout.addWidget(self._plot, 1)

    def _make_level(self, level: tuple[float, str] | None) -> pyqtgraph.InfiniteLine | None:
        if level is None:
            return None
        line = pyqtgraph.InfiniteLine(
            pos=level[0], angle=0, label=level[1], labelOpts={"position": 0.98, "anchors": [(1, 1), (1, 1)]}
        )
        self._plot.addItem(line)
        return line

    def _dress(self) -> None:
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.PlaceholderText)
        hairline = palette.color(QPalette.ColorRole.Mid)
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(pyqtgraph.mkPen(hairline))
            axis.setTextPen(text)
        for curve in self._curves:
            pen = pyqtgraph.mkPen(self._colour(curve), width=1, style=_STYLES[curve.dash])
            self._lines[curve.name].setPen(pen)
            faint = QColor(self._colour(curve))
            faint.setAlpha(70)
            self._raw[curve.name].setPen(pyqtgraph.mkPen(faint, width=1))
        self._cursor.setPen(pyqtgraph.mkPen(text, width=1))
        self._dress_marks()
        if self._level is not None:
            self._level.setPen(pyqtgraph.mkPen(text, width=1, style=Qt.PenStyle.DotLine))
            self._level.label.setColor(text)

    def _dress_marks(self) -> None:
        for mark, line in self._marks:
            colours, dash = MARKS[mark.kind]
            line.setPen(pyqtgraph.mkPen(colours[0 if self._is_dark() else 1], width=1, style=_STYLES[dash]))

    def _colour(self, curve: Curve) -> QColor:
        return QColor(curve.colours[0 if self._is_dark() else 1])

    def _is_dark(self) -> bool:
        return self.palette().color(QPalette.ColorRole.Window).lightness() < 128

    def _redraw(self) -> None:
        has_data = self._has_data
        for name in ("left", "bottom"):
            self._plot.getAxis(name).setStyle(showValues=has_data)
        for curve in self._curves:
            x, y = self._shown(curve)
            smooth = smoothed(y, self._smoothing)
            self._lines[curve.name].setData(x, smooth, symbol="o" if len(x) == 1 else None, symbolSize=4)
            self._raw[curve.name].setData(*((x, y) if self._smoothing else ([], [])))
        self._tell_values()

    @property
    def _has_data(self) -> bool:
        return any(self._shown(curve)[0] for curve in self._curves)

    def _shown(self, curve: Curve) -> tuple[list[float], list[float]]:
        x, y = self._data.get(curve.name, ([], []))
        if self._log:
            x, y = [a for a, b in zip(x, y, strict=True) if b > 0], [b for b in y if b > 0]
        return x, y

    def _tell_values(self) -> None:
        for curve in self._curves:
            x, y = self._shown(curve)
            # a second line of another curve (a bound of it, say) has no title; and what this run has not, is not told
            self._legend[curve.name].setVisible(bool(curve.title) and (bool(x) or not self._has_data))
            if not curve.title:
                continue
            at = len(x) if self._cursor_x is None else bisect_right(x, self._cursor_x)
            value = f" {self._format(y[at - 1])}" if at > 0 and not self._bottom else ""
            mark = {"solid": "━━", "dash": "╍╍", "dot": "┅┅"}[curve.dash]
            colour = self._colour(curve).name()
            self._legend[curve.name].setText(f'<span style="color:{colour}">{mark}</span> {curve.title}{value}')
        self._heading.place_legend()

    def _format(self, value: float) -> str:
        if self._percent:
            return f"{value:.0%}"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def smoothed(values: list[float], weight: float) -> list[float]:
    """Exponential moving averages that begin with the first value, not with 0.

    Args:
        values: In their order.
        weight: Of what came before, in [0, 1).
    """
    if not weight:
        return values
    averages: list[float] = []
    total, seen = 0.0, 0.0
    for value in values:
        total = weight * total + (1 - weight) * value
        seen = weight * seen + (1 - weight)
        averages.append(total / seen)
    return averages
