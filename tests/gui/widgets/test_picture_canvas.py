"""The canvas alone: where pixels land on the screen, what is read from them, and two pictures at once."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.picture_canvas import PictureCanvas, Reading
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.gui.widgets.viewport import Viewport

LEFT = Qt.MouseButton.LeftButton


def plain(red: int, green: int, blue: int, side: int = 8) -> QImage:
    return to_image(np.full((side, side, 3), (red, green, blue), np.uint8))


def some_image(side: int = 16) -> QImage:
    return to_image(np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8))


@pytest.fixture
def canvas(qtbot: QtBot) -> PictureCanvas:
    canvas = PictureCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def point(widget: QWidget, at: QPointF, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    kinds = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), kinds[0], buttons, kinds[1])
    QApplication.sendEvent(widget, event)


def readings(canvas: PictureCanvas) -> list[Reading | None]:
    found: list[Reading | None] = []
    canvas.pointed.connect(found.append)
    return found


def colour(canvas: PictureCanvas, at: QPointF) -> QColor:
    return canvas.grab().toImage().pixelColor(at.toPoint())


def test_the_pointer_reads_the_exact_pixel_and_nothing_beside_the_picture(canvas: PictureCanvas) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    canvas.show_image(to_image(pixels))
    found, target, scale = readings(canvas), canvas.target(), canvas.scale
    for row, column in ((0, 0), (3, 12), (15, 15)):
        point(canvas, target.topLeft() + QPointF((column + 0.5) * scale, (row + 0.5) * scale))
        assert found[-1] == Reading(QPoint(column, row), tuple(pixels[row, column].tolist()))
    point(canvas, target.topLeft() - QPointF(2, 2))
    assert found[-1] is None


def test_a_new_picture_is_read_where_the_pointer_rests(canvas: PictureCanvas) -> None:
    canvas.show_image(plain(1, 2, 3))
    found = readings(canvas)
    point(canvas, canvas.target().center())
    canvas.show_image(plain(9, 8, 7))
    assert found[-1] is not None
    assert found[-1].values == (9, 8, 7)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert found[-1] is None


def test_a_preview_takes_the_place_and_size_of_the_picture_it_stands_for(canvas: PictureCanvas) -> None:
    canvas.show_image(plain(0, 0, 200, side=64))
    canvas.zoom(2)
    canvas._pan(QPointF(13, -7))
    target, scales = canvas.target(), []
    canvas.scale_changed.connect(scales.append)
    canvas.show_image(plain(200, 0, 0, side=8), QSize(64, 64))
    assert canvas.target() == target
    assert scales == []
    assert colour(canvas, target.center()) == QColor(200, 0, 0)
    canvas.show_image(plain(0, 200, 0, side=64))
    assert canvas.target() == target


def test_a_preview_is_smooth_although_squares_are_wanted(canvas: PictureCanvas) -> None:
    canvas.set_smooth(False)
    coarse = some_image(4)
    canvas.show_image(coarse, QSize(64, 64))
    preview = canvas.grab().toImage()
    canvas.show_image(coarse.scaled(64, 64))
    assert preview != canvas.grab().toImage()
    row = round(canvas.target().center().y())
    across = {preview.pixelColor(x, row).rgb() for x in range(80, 320)}
    assert len(across) > 50  # four squares would be four colours


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
def test_zooming_keeps_what_is_under_the_pointer(density: float) -> None:
    view, pane = Viewport(QSize(64, 64), density), QRectF(0, 0, 400, 300)
    view.fit(pane)
    anchor = QPointF(170, 130)
    held = view.pixel_at(pane, anchor)
    for scale in (9.0, 23.0, 50.0, 5.0):
        view.set_scale(scale, pane, anchor)
        assert view.pixel_at(pane, anchor) == held


def test_a_picture_cannot_be_lost_outside_the_window() -> None:
    view, pane = Viewport(QSize(64, 64)), QRectF(0, 0, 400, 300)
    view.fit(pane)
    view.pan(QPointF(10_000, -10_000), pane)
    assert view.target(pane).intersects(pane)


def test_one_picture_pixel_on_one_screen_pixel_is_shown_as_it_is(canvas: PictureCanvas) -> None:
    image = some_image(64)
    canvas.show_image(image)
    canvas.show_scale(1.0)
    corner = canvas.target().topLeft().toPoint()
    shown = canvas.grab().toImage().copy(corner.x(), corner.y(), 64, 64)
    assert shown.convertToFormat(image.format()) == image


def test_a_picture_made_much_smaller_is_averaged(canvas: PictureCanvas) -> None:
    stripes = np.zeros((1024, 1024, 3), np.uint8)
    stripes[:, ::2] = 200
    canvas.show_image(to_image(stripes))
    middle = canvas.target().center()
    greys = {colour(canvas, middle + QPointF(step, 0)).red() for step in range(40)}
    assert all(abs(grey - 100) <= 15 for grey in greys)


def test_channels_are_shown_as_grey_and_read_as_colours(canvas: PictureCanvas) -> None:
    canvas.show_image(plain(10, 120, 240))
    found, middle = readings(canvas), canvas.target().center()
    for name, value in (("red", 10), ("green", 120), ("blue", 240), ("luminance", 105)):
        canvas.set_channel(name)
        assert colour(canvas, middle) == QColor(value, value, value)
    point(canvas, middle)
    assert found[-1] is not None
    assert found[-1].values == (10, 120, 240)
    canvas.set_channel("colour")
    assert colour(canvas, middle) == QColor(10, 120, 240)


def test_chequers_show_through_where_a_picture_is_transparent(canvas: PictureCanvas) -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4] = (250, 0, 0, 255)
    canvas.show_image(to_image(pixels))
    target = canvas.target()
    shown = canvas.grab().toImage()
    right = {shown.pixelColor(round(target.right()) - x, round(target.center().y())).rgb() for x in range(5, 60)}
    assert len(right) == 2
    assert colour(canvas, target.topLeft() + QPointF(20, 20)) == QColor(250, 0, 0)


def test_shift_and_arrow_keys_move_the_picture(canvas: PictureCanvas, qtbot: QtBot) -> None:
    canvas.show_image(some_image(64))
    canvas.zoom(8)
    before = canvas.target().topLeft()
    qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.target().topLeft() - before == QPointF(64, -64)


# Two pictures


@pytest.fixture
def pair(canvas: PictureCanvas) -> PictureCanvas:
    """Blue after red."""
    canvas.show_before(plain(200, 0, 0))
    canvas.show_image(plain(0, 0, 200))
    return canvas


def test_a_divider_has_before_on_its_left_and_is_dragged(pair: PictureCanvas, qtbot: QtBot) -> None:
    assert not pair.divider.isVisible()
    pair.set_compare("divider")
    target = pair.target()
    left, right = (QPointF(target.left() + share * target.width(), target.center().y() + 60) for share in (0.2, 0.8))
    assert colour(pair, left) == QColor(200, 0, 0)
    assert colour(pair, right) == QColor(0, 0, 200)
    grip = pair.divider
    qtbot.mousePress(grip, LEFT, pos=grip.rect().center())
    end = QPointF(grip.rect().center()) + QPointF(0.4 * target.width(), 0)
    point(grip, end, LEFT)
    qtbot.mouseRelease(grip, LEFT, pos=end.toPoint())
    assert colour(pair, right) == QColor(200, 0, 0)
    assert grip.accessibleDescription() == "90% before"


def test_arrow_keys_move_the_divider(pair: PictureCanvas, qtbot: QtBot) -> None:
    pair.set_compare("divider")
    for key, share in ((Qt.Key.Key_Right, "55%"), (Qt.Key.Key_Home, "0%"), (Qt.Key.Key_End, "100%")):
        qtbot.keyClick(pair.divider, key)
        assert pair.divider.accessibleDescription() == f"{share} before"
    qtbot.keyClick(pair.divider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert pair.divider.accessibleDescription() == "99% before"
    qtbot.mouseDClick(pair.divider, LEFT)
    assert pair.divider.accessibleDescription() == "50% before"


def test_side_by_side_shows_both_whole_and_zooms_them_as_one(pair: PictureCanvas) -> None:
    pair.set_compare("side")
    assert pair.target().width() <= 200
    assert colour(pair, QPointF(100, 150)) == QColor(200, 0, 0)
    assert colour(pair, QPointF(300, 150)) == QColor(0, 0, 200)
    pair.zoom(3)
    panes = pair._panes()
    first, second = (pair._viewport.target(pane).translated(-pane.center()) for pane in panes)
    assert first == second
    pair.set_compare("off")
    assert colour(pair, QPointF(100, 150)) == QColor(0, 0, 200)


@pytest.mark.parametrize("compare", ["divider", "side"])
def test_both_values_are_read(pair: PictureCanvas, compare: str) -> None:
    pair.set_compare(compare)
    found = readings(pair)
    point(pair, QPointF(120, 150))
    assert found[-1] is not None
    assert (found[-1].values, found[-1].before) == ((0, 0, 200), (200, 0, 0))


def test_with_nothing_to_compare_with_the_picture_is_alone(canvas: PictureCanvas) -> None:
    canvas.set_compare("side")
    canvas.show_image(plain(0, 0, 200))
    assert canvas.compare == "off"
    assert not canvas.divider.isVisible()
    assert colour(canvas, QPointF(120, 150)) == QColor(0, 0, 200)


def test_a_double_click_looks_closer_and_back(canvas: PictureCanvas, qtbot: QtBot) -> None:
    canvas.show_image(some_image(64))
    fitted = canvas.scale
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(200, 150))
    assert canvas.scale == pytest.approx(2 * fitted)
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(200, 150))
    assert canvas.scale == pytest.approx(fitted)
