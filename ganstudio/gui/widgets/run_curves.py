"""The plots of a training run, on three pages: the game, the quality, the engine."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ganstudio.gui.widgets.curves import Curve, CurvePlot, Mark
from ganstudio.gui.widgets.elided_label import ElidedLabel

Series = dict[str, tuple[list[float], list[float]]]

# Blue, orange and green of a palette that colour-blind eyes tell apart (Okabe & Ito 2008), darker on light ground.
_BLUE, _ORANGE, _GREEN = ("#56b4e9", "#0072b2"), ("#e69f00", "#b35900"), ("#35c79a", "#00795a")


@dataclass(frozen=True)
class Plot:
    """One plot.

    Attributes:
        page: Where it stands: one of `PAGES`.
        title: What is plotted.
        curves: Its lines.
        tip: What they mean.
        level: A line across, with a word to it.
        percent: Whether values are shares.
        log: Whether the axis counts powers of ten.
        factor: What values are multiplied by.
        always: Whether it is there without data, too.
    """

    page: str
    title: str
    curves: tuple[Curve, ...]
    tip: str
    level: tuple[float, str] | None = None
    percent: bool = False
    log: bool = False
    factor: float = 1.0
    always: bool = False


def _with_spread(name: str) -> tuple[Curve, ...]:
    """A distance between its bounds, as `sections.run_plots` makes them."""
    bounds = (Curve(f"{name}_{side}", "", _BLUE, "dot") for side in ("low", "high"))
    return (Curve(name, "Distance", _BLUE), *bounds)


_NEAR = 0.012  # of the whole length, where the pointer is at a mark
PAGES = ("Game", "Quality", "Engine")
PLOTS = (
    Plot(
        "Game",
        "What D believes",
        (
            Curve("d_real", "D(real)", _BLUE),
            Curve("d_fake", "D(fake)", _ORANGE, "dash"),
            Curve("d_held", "D(unseen)", _GREEN, "dot"),
        ),
        "How real the discriminator finds real and generated pictures, and real ones that it never saw; at 50 % it can "
        "only guess.",
        (0.5, "coin flip"),
        percent=True,
        always=True,
    ),
    Plot(
        "Game",
        "Right answers",
        (Curve("accuracy", "D", _BLUE),),
        "The share of pictures that the discriminator judges rightly; half of them by a coin.",
        (0.5, "coin flip"),
        percent=True,
    ),
    Plot(
        "Game",
        "Losses",
        (Curve("loss_generator", "Generator", _ORANGE, "dash"), Curve("loss_discriminator", "Discriminator", _BLUE)),
        "What the two players make small. Flat losses are the sign of an even game, not of one that stands still.",
        always=True,
    ),
    Plot(
        "Quality",
        "FID",
        (Curve("fid", "FID", _BLUE),),
        "As the program measured it that trained this run; lower is better.",
    ),
    Plot(
        "Quality",
        "Distance (KID × 1000)",
        (*_with_spread("kid"), Curve("augmented_kid", "To augmented", _ORANGE, "dash")),
        "Kernel distance of random-convolution features between 500 generated and the held-out pictures, with its "
        "spread; lower is better. Comparable within this run only.\n"
        "To augmented: the same to held-out pictures as they are augmented for the discriminator. Below the other, "
        "generated pictures look augmented.",
        factor=1000,
        always=True,
    ),
    Plot(
        "Quality",
        "Fréchet distance",
        _with_spread("frechet"),
        "How far means and spreads of the same features lie apart; lower is better. Never near 0 with few held-out "
        "pictures, but steadier there than the kernel distance. Not the FID of papers, which asks another network.",
    ),
    Plot(
        "Quality",
        "Real = 1",
        (Curve("diversity", "Variety", _GREEN), Curve("copying", "Newness", _ORANGE, "dash")),
        "1: as among real pictures.\n"
        "Variety: distance between generated pictures over that between real ones; towards 0 is mode collapse.\n"
        "Newness: distance of generated pictures to training pictures over that of unseen ones; 0 is copying.",
        (1.0, ""),
        always=True,
    ),
    Plot(
        "Quality",
        "Kinds of pictures",
        (Curve("ndb", "Differ", _BLUE), Curve("missing", "Missing", _ORANGE, "dash")),
        "Real pictures fall into bins of similar ones. Differ: bins that generated pictures fill differently. Missing: "
        "real pictures in bins that are hardly ever drawn.",
        percent=True,
    ),
    Plot(
        "Engine",
        "Gradients",
        (
            Curve("gradient_generator", "Generator", _ORANGE, "dash"),
            Curve("gradient_discriminator", "Discriminator", _BLUE),
        ),
        "The norms of both players' gradients.",
        log=True,
    ),
    Plot(
        "Engine",
        "Penalties",
        (
            Curve("r1_penalty", "R1", _BLUE),
            Curve("r2_penalty", "R2", _ORANGE, "dash"),
            Curve("gradient_penalty", "Slope", _GREEN, "dot"),
            Curve("path_penalty", "Path length", _GREEN, "dash"),
        ),
        "What penalties amount to, before they are weighed.",
        log=True,
    ),
    Plot(
        "Engine",
        "Augmentation",
        (Curve("augmentation_p", "p", _BLUE), Curve("overfitting_rt", "r", _ORANGE, "dash")),
        "How many pictures are augmented, and the sign of learning by heart that it goes by.",
        percent=True,
    ),
    Plot("Engine", "Learning rate", (Curve("learning_rate", "Generator", _BLUE),), "The generator's step size."),
    Plot("Engine", "Speed", (Curve("images_per_second", "Pictures a second", _BLUE),), "How fast it is trained."),
)


class RunCurves(QWidget):
    """Plots of one run, a page of them under each other; the pointer over one shows the values of all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._series: Series = {}
        self._unit = ""
        self._span = 0.0
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self._stack = QStackedWidget(self)
        self.plots: dict[str, CurvePlot] = {}
        self._pages = [self._make_page() for _ in PAGES]
        for title, page in zip(PAGES, self._pages, strict=True):
            self.tabs.addTab(title)
            self._stack.addWidget(page)
        self.tabs.currentChanged.connect(self._show_page)
        self._caption = ElidedLabel(self)
        self._caption.setProperty("role", "muted")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self._make_smoothing(), 1)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._caption)
        self._show_page(0)
        self.show_unit("kimg")

    def names(self) -> tuple[str, ...]:
        """All curves that are plotted."""
        return tuple(dict.fromkeys(curve.name for plot in PLOTS for curve in plot.curves))

    def show_unit(self, unit: str) -> None:
        """Say what the moments count."""
        if unit != self._unit:
            self._unit = unit
            self._point_at(None)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Mark moments on all plots."""
        if tuple(marks) != self._marks:
            self._marks = tuple(marks)
            for plot in self.plots.values():
                plot.set_marks(self._marks)

    def show_series(self, series: Series) -> None:
        """Show the curves of a run, by name; plots without data are left out, but those that every run has."""
        self._series = series
        self._span = max((x[-1] for x, _ in series.values() if x), default=0.0)
        self._fill(self.plots)

    def _fill(self, titles: Collection[str]) -> None:
        """Show the curves on some of the plots."""
        series = self._series
        has_fid = bool(series.get("fid", ([], []))[0])
        told = any(x for x, _ in series.values())
        for plot in (plot for plot in PLOTS if plot.title in titles):
            own = {curve.name: series.get(curve.name, ([], [])) for curve in plot.curves}
            has_data = any(x for x, _ in own.values())
            shown = self.plots[plot.title]
            shown.set_data({name: (x, [plot.factor * value for value in y]) for name, (x, y) in own.items()})
            is_expected = plot.always and not has_fid and (plot.page == "Quality" or not told)
            shown.setVisible(has_data or is_expected)

    def _make_page(self) -> QWidget:
        widget = QWidget(self)
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        return widget

    def _show_page(self, index: int) -> None:
        """Show a page; its plots are made when it is first looked at, for twelve at once take a tenth of a second."""
        here = [plot for plot in PLOTS if plot.page == PAGES[index]]
        if not any(plot.title in self.plots for plot in here):
            for plot in here:
                self._make_plot(plot, self._pages[index])
            self._fill([plot.title for plot in here])
        self._stack.setCurrentIndex(index)

    def _make_plot(self, plot: Plot, page: QWidget) -> None:
        made = CurvePlot(
            plot.title, plot.curves, plot.level, percent=plot.percent, log=plot.log, tip=plot.tip, parent=page
        )
        made.pointed.connect(self._point_at)
        made.setVisible(plot.always)
        made.set_marks(self._marks)
        made.set_smoothing(self.smoothing.value() / 100)
        self.plots[plot.title] = made
        layout = page.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - see `_make_page`
        layout.addWidget(made, 1)

    def _make_smoothing(self) -> QSlider:
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self.smoothing.setRange(0, 99)
        self.smoothing.setMinimumWidth(40)
        self.smoothing.setMaximumWidth(96)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip("Smooth the curves: moving averages, with what they are of faintly behind them")
        self.smoothing.valueChanged.connect(self._on_smoothing_changed)
        return self.smoothing

    def _on_smoothing_changed(self, value: int) -> None:
        for plot in self.plots.values():
            plot.set_smoothing(value / 100)

    def _point_at(self, x: float | None) -> None:
        for plot in self.plots.values():
            plot.set_cursor(x)
        self._caption.setText(self._say_moment(x))

    def _say_moment(self, x: float | None) -> str:
        """What the moments count; under the pointer which one it is, and what happened then."""
        if x is None:
            return "Thousands of pictures shown (kimg)" if self._unit == "kimg" else self._unit.capitalize()
        near = [mark for mark in self._marks if abs(mark.x - x) <= _NEAR * self._span]
        closest = min(near, key=lambda mark: abs(mark.x - x), default=None)
        told = f": {closest.text}" if closest is not None else ""
        return f"{x:,.4g} {self._unit}{told}"
