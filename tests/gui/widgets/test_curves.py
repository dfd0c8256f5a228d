"""Curves: the pointer tells the values of its moment, marks say what happened, smoothing keeps the raw ones."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.curves import Mark, smoothed
from ganstudio.gui.widgets.run_curves import RunCurves


@pytest.fixture
def curves(qtbot: QtBot) -> RunCurves:
    curves = RunCurves()
    qtbot.addWidget(curves)
    curves.resize(500, 700)
    curves.show_unit("kimg")
    x = [float(moment) for moment in range(11)]
    curves.show_series({"d_real": (x, [0.5 + moment / 25 for moment in x]), "loss_generator": (x, x)})
    curves.show()
    qtbot.waitExposed(curves)
    qtbot.waitUntil(lambda: shows(curves, "90%") and seen_from(curves, "Losses") < 0)
    return curves


def seen_from(curves: RunCurves, plot: str) -> float:
    """The left end of a plot's axis: 0 before it was drawn."""
    return float(curves.plots[plot]._plot.getPlotItem().vb.viewRect().left())


def legend(curves: RunCurves, plot: str, name: str) -> str:
    return curves.plots[plot]._legend[name].text()


def shows(curves: RunCurves, text: str) -> bool:
    return text in legend(curves, "What D believes", "d_real")


def point(curves: RunCurves, plot: str, x: float, qtbot: QtBot) -> None:
    view = curves.plots[plot]._plot
    at = view.getPlotItem().vb.mapViewToScene(QPointF(x, view.getPlotItem().vb.viewRect().center().y()))
    qtbot.mouseMove(view.viewport(), view.mapFromScene(at))


def test_the_pointer_tells_the_values_of_its_moment_on_every_plot(curves, qtbot):
    curves.show_marks([Mark(5.0, "best", "best so far"), Mark(9.0, "warning", "no numbers")])
    point(curves, "Losses", 5.05, qtbot)
    assert shows(curves, "70%")
    assert legend(curves, "Losses", "loss_generator").endswith(" 5")
    assert "best so far" in curves._caption.text()
    point(curves, "Losses", 7.5, qtbot)
    assert "best" not in curves._caption.text()
    curves._point_at(None)
    assert shows(curves, "90%")
    assert curves._caption.text().startswith("Thousands")


def test_smoothing_lies_between_and_the_raw_curve_stays_behind(curves, qtbot):
    plot = curves.plots["Losses"]
    qtbot.keyClick(curves.smoothing, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: plot._raw["loss_generator"].yData is not None)
    assert plot._raw["loss_generator"].yData[-1] == 10
    assert 4 < plot._lines["loss_generator"].yData[-1] < 6
    qtbot.keyClick(curves.smoothing, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: plot._lines["loss_generator"].yData[-1] == 10)


def test_a_page_that_is_looked_at_later_shows_the_same_run(curves, qtbot):
    assert "Penalties" not in curves.plots
    curves.show_series({"r1_penalty": ([0.0, 1.0], [2.0, 3.0]), "d_real": ([0.0, 1.0], [0.5, 0.6])})
    curves.show_marks([Mark(1.0, "best", "best")])
    qtbot.keyClick(curves.smoothing, Qt.Key.Key_End)
    curves.tabs.setCurrentIndex(2)
    plot = curves.plots["Penalties"]
    assert plot.isVisible()
    assert "Augmentation" in curves.plots
    assert curves.plots["Augmentation"].isHidden()
    assert [mark.text for mark, _ in plot._marks] == ["best"]
    qtbot.waitUntil(lambda: plot._raw["r1_penalty"].yData is not None)  # and smoothed like the others
    qtbot.waitUntil(lambda: seen_from(curves, "Penalties") < 0)
    point(curves, "Penalties", 0.0, qtbot)
    qtbot.waitUntil(lambda: shows(curves, "50%"))


def test_a_moving_average_begins_with_the_first_value():
    values = [3.0, 1.0, 2.0, 8.0]
    weight = 0.7
    powers = [weight ** np.arange(count, -1, -1) for count in range(4)]
    expected = [float((own * values[: len(own)]).sum() / own.sum()) for own in powers]
    assert smoothed(values, weight) == pytest.approx(expected)
    assert smoothed(values, 0) == values
    assert smoothed([], 0.5) == []


def test_marks_are_replaced_and_hidden_ones_do_not_stretch_the_axis(curves):
    curves.show_marks([Mark(float(moment), "change", "rate") for moment in range(1000)])
    plot = curves.plots["Losses"]
    assert len(plot._marks) == 50
    assert plot._plot.getPlotItem().vb.viewRect().right() < 20
    curves.show_marks([Mark(1.0, "best", "best")])
    assert len(plot._marks) == 1


def test_what_a_run_has_not_is_not_in_the_legend(curves, qtbot):
    assert not curves.plots["What D believes"]._legend["d_held"].isVisible()
    assert curves.plots["What D believes"]._legend["d_real"].isVisible()
    losses = curves.plots["Losses"]
    losses.set_data({"d_real": ([0.0], [1.0])})  # of another plot
    qtbot.waitUntil(lambda: losses._legend["loss_generator"].text().endswith("Generator"))
    assert losses._legend["loss_generator"].isVisible()
    curves.show_series({})
    qtbot.waitUntil(curves.plots["What D believes"]._legend["d_held"].isVisible)


@pytest.mark.parametrize("width", [270, 500])
def test_the_legend_is_below_the_title_where_it_has_no_room_beside_it(curves, qtbot, width):
    curves.show_series({name: ([0.0, 1.0], [1.123, 2.345]) for name in ("loss_generator", "loss_discriminator")})
    losses = curves.plots["Losses"]
    qtbot.waitUntil(losses._legend["loss_discriminator"].isVisible)
    curves.resize(width, 700)
    labels = [losses._legend[name] for name in ("loss_generator", "loss_discriminator")]
    assert losses._heading.is_below == (width == 270)
    qtbot.waitUntil(lambda: all(label.width() >= label.sizeHint().width() for label in labels))
