"""Single pictures in the real window: comparing, reading, the histogram, the picture on a screen of its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.pages.picture_page import PicturePage
from ganstudio.gui.widgets.output_window import OutputWindow
from ganstudio.gui.widgets.pixels import pixels_of
from ganstudio.project import direction_edits, edits, history
from ganstudio.rendering.answering import Ask
from ganstudio.rendering.looks.look import Look

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def page(window: MainWindow) -> PicturePage:
    return window.explore.canvas.page


def smile(window: MainWindow, strength: float, qtbot: QtBot) -> None:
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", strength))
    wait_picture(window, qtbot)


def wait_picture(window: MainWindow, qtbot: QtBot) -> None:
    def is_shown() -> bool:
        rendered = window.explore.canvas.rendered
        return rendered is not None and rendered.request.looks[0] == window.document.state.look

    qtbot.waitUntil(is_shown, timeout=20_000)


def shown(image: QImage) -> list[int]:
    return pixels_of(image).ravel().tolist()


def point(window: MainWindow, at: QPointF) -> None:
    canvas = window.explore.canvas.picture
    kinds = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), kinds[0], kinds[0], kinds[1])
    QApplication.sendEvent(canvas, event)


# Comparing


def test_d_compares_with_the_picture_without_its_sliders(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    plain = shown(window.explore.canvas.picture.image)
    smile(window, 2.5, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_D)
    picture = window.explore.canvas.picture
    qtbot.waitUntil(lambda: picture.compare == "divider" and picture.divider.isVisible(), timeout=20_000)
    assert window.commands["view.divider"].isChecked()
    assert shown(picture.before) == plain
    assert shown(picture.image) != plain
    qtbot.keyClick(window, Qt.Key.Key_D, SHIFT)
    assert picture.compare == "side"
    assert not window.commands["view.divider"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_D, SHIFT)
    assert picture.compare == "off"
    assert window.document.undo_stack.count() == 1  # how one looks at it is nothing to undo


def test_before_is_asked_for_once_while_a_slider_moves(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    smile(window, 1.0, qtbot)
    asked: list[tuple[Look, ...]] = []
    worker = window.rendering._worker
    assert worker is not None
    submit = worker.submit

    def keep(ask: Ask) -> None:
        if ask.purpose == "canvas":
            asked.append(ask.request.looks)
        submit(ask)

    monkeypatch.setattr(worker, "submit", keep)
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: window.explore.canvas.picture.compare == "divider", timeout=20_000)
    window.document.apply("Favourite", history.toggle_favourite(window.document.state))  # no reason to draw
    for strength in (1.5, 2.0, 2.5):
        smile(window, strength, qtbot)
    assert [len(looks) for looks in asked] == [2, 1, 1, 1]
    assert asked[0][1] == replace(asked[0][0], edits=())


def test_before_follows_what_is_no_slider(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D)
    smile(window, 2.0, qtbot)
    qtbot.waitUntil(lambda: window.explore.canvas.picture.compare == "divider", timeout=20_000)
    before = shown(window.explore.canvas.picture.before)
    window.document.apply("Truncation", edits.set_truncation(window.document.state, 0.3))
    qtbot.waitUntil(lambda: shown(window.explore.canvas.picture.before) != before, timeout=20_000)
    window.document.apply("Reset", direction_edits.reset_strengths(window.document.state))
    wait_picture(window, qtbot)
    picture = window.explore.canvas.picture
    qtbot.waitUntil(lambda: shown(picture.before) == shown(picture.image), timeout=20_000)


def test_a_pinned_picture_is_what_others_are_compared_with(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    pinned = shown(window.explore.canvas.picture.image)
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert window.commands["picture.pin"].isChecked()
    window.document.apply("Seed", edits.set_seed(window.document.state, 77))
    smile(window, 2.0, qtbot)
    picture = window.explore.canvas.picture
    qtbot.waitUntil(lambda: picture.compare == "divider" and shown(picture.before) == pinned, timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert not window.commands["picture.pin"].isChecked()
    qtbot.waitUntil(lambda: shown(picture.before) != pinned, timeout=20_000)


def test_b_shows_the_pinned_picture_and_hides_the_divider(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    picture = window.explore.canvas.picture
    pinned = shown(picture.image)
    qtbot.keyClick(window, Qt.Key.Key_P)
    qtbot.keyClick(window, Qt.Key.Key_D)
    window.document.apply("Seed", edits.set_seed(window.document.state, 5))
    wait_picture(window, qtbot)
    qtbot.waitUntil(picture.divider.isVisible, timeout=20_000)
    qtbot.keyPress(window, Qt.Key.Key_B)
    assert not picture.divider.isVisible()
    qtbot.waitUntil(lambda: shown(picture.image) == pinned, timeout=20_000)
    qtbot.keyRelease(window, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: shown(picture.image) != pinned, timeout=20_000)
    assert picture.divider.isVisible()


def test_a_pin_belongs_to_its_model(window: MainWindow, qtbot: QtBot, tiny_checkpoint: Path) -> None:
    wait_picture(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_P)
    other = tiny_checkpoint.with_name("other.safetensors")
    other.write_bytes(tiny_checkpoint.read_bytes())
    window.opener.open(other)
    wait_opened(window, qtbot)
    assert page(window).pinned is None
    assert not window.commands["picture.pin"].isChecked()
    window.commands["edit.undo"].trigger()
    assert page(window).pinned is not None


def test_copy_and_save_take_the_picture_after(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D)
    smile(window, 2.5, qtbot)
    window.commands["edit.copy"].trigger()
    copied = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_Grayscale8)
    assert shown(copied) == shown(window.explore.canvas.picture.image)


def test_the_grid_has_no_divider_and_the_picture_has_it_again(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.explore.canvas
    qtbot.keyClick(window, Qt.Key.Key_D)
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: len(canvas.views.grid.grid.items) == 16 and canvas.views.grid.isVisible(), timeout=20_000)
    assert not window.commands["view.divider"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: canvas.picture.isVisible() and canvas.picture.compare == "divider", timeout=20_000)


# Reading


def test_the_line_under_the_picture_tells_the_pixel_under_the_pointer(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    canvas = window.explore.canvas
    assert canvas.rendered is not None
    value = int(canvas.rendered.pixels[0][9, 20, 0])
    scale = canvas.picture.scale
    point(window, canvas.picture.target().topLeft() + QPointF(20.5 * scale, 9.5 * scale))
    assert page(window).caption.text == f"x 20 y 9   Grey {value}   28 × 28 px"
    qtbot.keyClick(window, Qt.Key.Key_D)
    text = f"x 20 y 9   Before Grey {value}   After Grey {value}   28 × 28 px"
    qtbot.waitUntil(lambda: page(window).caption.text == text, timeout=20_000)
    point(window, QPointF(1, 1))
    assert page(window).caption.text == "28 × 28 px"


def test_a_coarse_picture_takes_the_place_of_the_full_one(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    rendered = window.explore.canvas.rendered
    assert rendered is not None
    target = window.explore.canvas.picture.target()
    coarse = np.ascontiguousarray(rendered.pixels[:, ::4, ::4])
    window.rendering.picture_ready.emit(replace(rendered, pixels=coarse))
    assert window.explore.canvas.picture.target() == target
    assert window.explore.canvas.picture.image.width() == 7
    assert page(window).caption.text == "28 × 28 px"
    assert window.explore.canvas.rendered is rendered  # a coarse one is neither copied nor saved


def test_a_grey_model_offers_no_channels_and_a_colour_model_does(
    window: MainWindow, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    wait_picture(window, qtbot)
    button = page(window).channel_button
    assert button is not None
    assert (button.text(), button.isEnabled()) == ("Grey", False)
    assert not window.commands["view.channel_red"].isVisible()
    window.commands["file.open_builtin"].trigger()
    wait_opened(window, qtbot)
    wait_picture(window, qtbot)
    qtbot.waitUntil(lambda: (button.text(), button.isEnabled()) == ("RGB", True), timeout=20_000)
    offered = [action.text() for action in button.menu().actions() if action.isVisible()]
    assert offered == ["All Channels", "Red Channel", "Green Channel", "Blue Channel", "Luminance (Rec. 709)"]
    window.commands["view.channel_green"].trigger()
    assert button.text() == "Green"
    assert window.commands["view.channel_green"].isChecked()
    assert not window.commands["view.channel_colour"].isChecked()
    canvas = window.explore.canvas
    assert canvas.rendered is not None
    value = int(canvas.rendered.pixels[0][32, 32, 1])
    window.settings.update(smooth=False)
    seen = (
        canvas.picture.grab().toImage().pixelColor(canvas.picture.target().center().toPoint() + QPointF(2, 2).toPoint())
    )
    assert (seen.red(), seen.green(), seen.blue()) == (value, value, value)


def test_the_histogram_is_a_setting(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    assert not page(window).histogram.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert window.settings.values.histogram
    assert page(window).histogram.isVisible()
    rendered = window.explore.canvas.rendered
    assert rendered is not None
    found = page(window).histogram.curves._found
    assert found is not None
    assert found.counts[0].tolist() == np.bincount(rendered.pixels[0].ravel(), minlength=256).tolist()


def test_the_strip_shows_the_scale_and_every_control_has_a_name_and_a_hint(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    strip, zoom = page(window).strip, page(window).zoom_button
    assert zoom is not None
    window.commands["view.double_size"].trigger()
    assert zoom.text() == "200\N{NO-BREAK SPACE}%"
    window.commands["view.zoom_out"].trigger()
    assert zoom.text() == "167\N{NO-BREAK SPACE}%"
    buttons = [button for button in strip.findChildren(QToolButton) if button.isVisible()]
    assert len(buttons) == 8
    for button in buttons:
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_without_a_model_there_is_no_strip(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    wait_picture(window, qtbot)
    assert page(window).strip.isVisible()
    window.document.apply("Close", edits.close_checkpoint(window.document.state))
    assert not page(window).strip.isVisible()
    assert not page(window).histogram.isVisible()
    assert page(window).caption.text == ""


# On a screen of its own


def output(window: MainWindow) -> OutputWindow:
    found = window.explore.canvas.output.output
    assert found is not None
    return found


def open_output(window: MainWindow, qtbot: QtBot) -> OutputWindow:
    wait_picture(window, qtbot)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitExposed(output(window))
    return output(window)


def test_f11_shows_the_live_picture_alone(window: MainWindow, qtbot: QtBot) -> None:
    view = open_output(window, qtbot)
    assert window.commands["view.output"].isChecked()
    assert view.geometry() == view.screen().geometry()
    first = view.grab().toImage()
    smile(window, 3.0, qtbot)
    assert view.grab().toImage() != first
    window.settings.update(smooth=False)
    assert view.target().width() * view.devicePixelRatioF() % 28 == 0  # squares of one size
    assert view.target().left() > 2
    assert view.grab().toImage().pixelColor(1, 1) == QColor(0, 0, 0)


def test_esc_f11_and_a_double_click_end_it(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.explore.canvas
    for end in (
        lambda view: qtbot.keyClick(view, Qt.Key.Key_Escape),
        lambda view: qtbot.keyClick(view, Qt.Key.Key_F11),
        lambda view: qtbot.mouseDClick(view, LEFT),
        lambda _view: window.commands["view.output"].trigger(),
    ):
        end(open_output(window, qtbot))
        assert canvas.output.output is None
        assert not window.commands["view.output"].isChecked()


def test_the_pointer_hides_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    view = open_output(window, qtbot)
    view._pointer_rest.setInterval(1)
    qtbot.mouseMove(view)
    qtbot.waitUntil(lambda: view.cursor().shape() == Qt.CursorShape.BlankCursor)
    view._pointer_rest.setInterval(60_000)
    at = QPointF(30, 30)
    kinds = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), kinds[0], kinds[0], kinds[1])
    QApplication.sendEvent(view, event)
    assert view.cursor().shape() != Qt.CursorShape.BlankCursor


def test_it_ends_with_its_screen_and_with_the_window(window: MainWindow, qtbot: QtBot) -> None:
    view = open_output(window, qtbot)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.screenRemoved.emit(view.screen())
    assert window.explore.canvas.output.output is None
    view = open_output(window, qtbot)
    window.close()
    assert window.explore.canvas.output.output is None


def test_it_goes_on_in_another_workspace(window: MainWindow, qtbot: QtBot) -> None:
    view = open_output(window, qtbot)
    window.commands["view.train"].trigger()
    assert view.isVisible()
