"""Painting a region with the mouse and with keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.picture_canvas import PictureCanvas
from ganstudio.gui.widgets.region_painter import RegionPainter

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def painter(qtbot: QtBot) -> RegionPainter:
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(432, 432)
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(0)
    canvas.show_image(image)
    made = RegionPainter(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    made.begin()
    return made


def at(painter: RegionPainter, x: float, y: float) -> QPoint:
    target = painter.parentWidget().target()  # type: ignore[union-attr]
    return QPoint(round(target.left() + x * target.width()), round(target.top() + y * target.height()))


def stroke(qtbot: QtBot, painter: RegionPainter, start: tuple[float, float], end: tuple[float, float]) -> None:
    qtbot.mousePress(painter, LEFT, pos=at(painter, *start))
    qtbot.mouseMove(painter, at(painter, *end))
    qtbot.mouseRelease(painter, LEFT, pos=at(painter, *end))


def test_a_stroke_is_painted_in_the_pictures_own_pixels(qtbot: QtBot, painter: RegionPainter) -> None:
    assert painter.painted() is None
    painter.set_brush(8 / 64)
    with qtbot.waitSignal(painter.changed):
        stroke(qtbot, painter, (0.25, 0.5), (0.75, 0.5))
    found = painter.painted()
    assert found is not None
    assert found.shape == (64, 64)
    assert found[32, 16:48].all()
    rows, columns = np.nonzero(found)
    assert (rows.min(), rows.max()) == pytest.approx((28, 35), abs=1)
    assert (columns.min(), columns.max()) == pytest.approx((12, 51), abs=1)
    assert painter.share == pytest.approx(found.mean())


def test_it_is_erased_and_cleared(qtbot: QtBot, painter: RegionPainter) -> None:
    stroke(qtbot, painter, (0.2, 0.5), (0.8, 0.5))
    whole = painter.share
    painter.is_erasing = True
    stroke(qtbot, painter, (0.2, 0.5), (0.5, 0.5))
    assert 0 < painter.share < whole
    painter.clear()
    assert painter.painted() is None


def test_keys_move_and_paint(qtbot: QtBot, painter: RegionPainter) -> None:
    before = painter.brush
    qtbot.keyClick(painter, Qt.Key.Key_BracketLeft)
    assert painter.brush < before
    for _ in range(8):
        qtbot.keyClick(painter, Qt.Key.Key_Left)
    qtbot.keyClick(painter, Qt.Key.Key_Space)
    found = painter.painted()
    assert found is not None
    assert np.nonzero(found)[1].mean() == pytest.approx(16, abs=1)
    with qtbot.waitSignal(painter.left):
        qtbot.keyClick(painter, Qt.Key.Key_Escape)


def test_another_picture_has_nothing_painted(qtbot: QtBot, painter: RegionPainter) -> None:
    stroke(qtbot, painter, (0.2, 0.5), (0.8, 0.5))
    canvas = painter.parentWidget()
    canvas.show_image(QImage(32, 32, QImage.Format.Format_RGB32))  # type: ignore[union-attr]
    assert painter.painted() is None
    painter.grab()
    stroke(qtbot, painter, (0.2, 0.5), (0.8, 0.5))
    assert painter.painted().shape == (32, 32)  # type: ignore[union-attr]
