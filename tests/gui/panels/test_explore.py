"""The Explore workspace, used as a person does: with mouse and keys on the real window."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints import catalogue
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.gui.dialogs.find_directions import FindDirectionsDialog
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.widgets.latent_slider import LatentSlider, SliderTrack
from ganstudio.images import read_recipe
from ganstudio.project import edits
from ganstudio.project.words import say_look
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from tests.networks.test_stylegan2 import build

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


def slider(window: MainWindow, name: str = "smile") -> LatentSlider:
    return window.explore.directions.sliders[name]


def drag(qtbot: QtBot, track: SliderTrack, shares: tuple[float, ...]) -> None:
    places = [QPoint(round(share * track.width()), track.height() // 2) for share in shares]
    qtbot.mousePress(track, LEFT, pos=places[0])
    for place in places[1:]:
        move(track, place, Qt.KeyboardModifier.NoModifier)
    qtbot.mouseRelease(track, LEFT, pos=places[-1])


def wait_picture(window: MainWindow, qtbot: QtBot) -> None:
    def is_shown() -> bool:
        rendered, state = window.explore.canvas.rendered, window.document.state
        request = None if rendered is None else rendered.request
        return request is not None and (request.checkpoint_path, request.looks[0]) == (state.checkpoint, state.look)

    qtbot.waitUntil(is_shown, timeout=20_000)


def strength(window: MainWindow, name: str = "smile") -> float:
    return window.document.state.look.strength_of(name)


def wheel(target: QWidget, steps: int) -> None:
    at = QPointF(target.width() / 2, target.height() / 2)
    no_buttons, no_keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        at,
        target.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * steps),
        no_buttons,
        no_keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def move(target: QWidget, place: QPoint, keys: Qt.KeyboardModifier) -> None:
    at = QPointF(place)
    event = QMouseEvent(QEvent.Type.MouseMove, at, target.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(target, event)


# Sliders


def test_a_drag_changes_the_strength_and_is_one_step(window: MainWindow, qtbot: QtBot) -> None:
    track = slider(window).track
    drag(qtbot, track, (0.5, 0.6, 0.7, 0.9))
    assert 2.0 < strength(window) < 3.0
    assert window.document.undo_stack.count() == 1
    drag(qtbot, track, (0.9, 0.5, 0.2))
    assert strength(window) < -1.0
    assert window.document.undo_stack.count() == 2
    window.commands["edit.undo"].trigger()
    assert strength(window) > 2.0
    assert slider(window).value == strength(window)
    window.commands["edit.undo"].trigger()
    assert window.document.state.look.edits == ()


def test_the_picture_follows_a_drag(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    before = window.explore.canvas.picture.image.copy()
    drag(qtbot, slider(window).track, (0.5, 1.0))
    wait_picture(window, qtbot)
    assert window.explore.canvas.picture.image != before


def test_shift_makes_a_drag_fine(window: MainWindow, qtbot: QtBot) -> None:
    drag(qtbot, slider(window, "pca_1").track, (0.5, 1.0))
    track = slider(window).track
    start, end = (QPoint(x, track.height() // 2) for x in (track.width() // 2, track.width()))
    qtbot.mousePress(track, LEFT, SHIFT, start)
    move(track, end, SHIFT)
    qtbot.mouseRelease(track, LEFT, SHIFT, end)
    assert strength(window) == pytest.approx(strength(window, "pca_1") / 5, abs=0.05)


def test_arrow_keys_on_a_slider_move_it_and_leave_the_history_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.commands["picture.new"].trigger()
    track = slider(window).track
    track.setFocus()
    for _ in range(3):
        qtbot.keyClick(track, Qt.Key.Key_Right)
    assert strength(window) == pytest.approx(3 * 6 / 40)
    assert window.document.state.history_index == 1
    assert window.document.undo_stack.count() == 2
    qtbot.keyClick(track, Qt.Key.Key_Left, SHIFT)
    assert strength(window) == pytest.approx(2.8 * 6 / 40)
    qtbot.keyClick(track, Qt.Key.Key_End)
    assert strength(window) == 3.0


def test_the_wheel_moves_only_a_slider_with_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    track = slider(window).track
    wheel(track, 1)
    assert strength(window) == 0.0
    track.setFocus()
    wheel(track, 2)
    assert strength(window) == pytest.approx(2 * 6 / 40)


def test_a_number_can_be_typed_or_thought_better_of(window: MainWindow, qtbot: QtBot) -> None:
    row = slider(window)
    qtbot.mouseDClick(row._number, LEFT)
    qtbot.keyClicks(row._editor, "1.25")
    qtbot.keyClick(row._editor, Qt.Key.Key_Return)
    assert strength(window) == 1.25
    row.track.setFocus()
    qtbot.keyClick(row.track, Qt.Key.Key_Return)
    qtbot.keyClicks(row._editor, "2")
    qtbot.keyClick(row._editor, Qt.Key.Key_Escape)
    assert strength(window) == 1.25
    assert row.track.hasFocus()
    assert row.track.accessibleName() == "Smile"
    assert row.track.accessibleDescription() == "+1.25"


def test_a_click_on_the_name_and_reset_all_go_back_to_zero(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("smile", "pca_1"):
        drag(qtbot, slider(window, name).track, (0.5, 0.9))
    qtbot.mouseClick(slider(window)._name, LEFT)
    assert strength(window) == 0.0
    assert strength(window, "pca_1") > 0
    qtbot.mouseClick(window.explore.directions.reset_button, LEFT)
    assert window.document.state.look.edits == ()
    assert slider(window, "pca_1").value == 0.0


def test_unnamed_axes_unfold(window: MainWindow, qtbot: QtBot) -> None:
    toggle = next(
        button for button in window.explore.directions.findChildren(QToolButton) if "Unnamed" in button.text()
    )
    assert not slider(window, "pca_1").isVisible()
    qtbot.mouseClick(toggle, LEFT)
    assert slider(window, "pca_1").isVisible()


# Latent


def test_r_truncation_class_and_blend(window: MainWindow, qtbot: QtBot) -> None:
    latent = window.explore.latent
    first = window.document.state.look.seed
    qtbot.keyClick(window, Qt.Key.Key_R)
    assert window.document.state.look.seed != first
    assert latent.seed.text() == str(window.document.state.look.seed)
    drag(qtbot, latent.truncation.track, (0.5, 0.2))
    assert window.document.state.look.truncation < 0.4
    latent.label.setCurrentIndex(2)
    latent.label.activated.emit(2)
    assert window.document.state.look.label == 1
    latent.second_seed.heading.click()
    assert not latent.second_seed.blend.isEnabled()
    qtbot.keyClicks(latent.second_seed.seed, "77")
    qtbot.keyClick(latent.second_seed.seed, Qt.Key.Key_Return)
    assert window.document.state.look.blend_seed == 77
    drag(qtbot, latent.second_seed.blend.track, (0.1, 1.0))
    assert window.document.state.look.blend == 1.0
    wait_picture(window, qtbot)


def test_a_seed_is_typed_stepped_and_checked(window: MainWindow, qtbot: QtBot) -> None:
    field = window.explore.latent.seed
    field.selectAll()
    qtbot.keyClicks(field, "41")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert window.document.state.look.seed == 42
    field.selectAll()
    qtbot.keyClicks(field, "99999999999")  # more than a seed can be
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.document.state.look.seed == 42
    assert field.text() == "42"


# Canvas


def test_b_shows_the_picture_before_the_sliders(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    before = window.explore.canvas.picture.image.copy()
    drag(qtbot, slider(window).track, (0.5, 1.0))
    wait_picture(window, qtbot)
    after = window.explore.canvas.picture.image.copy()
    track = slider(window).track  # it has the focus, and B works all the same
    qtbot.keyPress(track, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: window.explore.canvas.picture.image == before, timeout=20_000)
    qtbot.keyRelease(track, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: window.explore.canvas.picture.image == after, timeout=20_000)
    assert strength(window) == 3.0


def test_the_wheel_zooms_at_the_pointer_and_f_and_1_set_the_size(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    picture = window.explore.canvas.picture
    smooth = picture.scale
    window.commands["view.smooth"].trigger()
    fitted = picture.scale
    assert fitted == int(smooth)  # squares all of one size
    wheel(picture, 3)
    assert picture.scale == pytest.approx(fitted * 1.2**3)
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert picture.scale == 1.0
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert picture.scale == fitted


def test_space_and_drag_pans(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    picture = window.explore.canvas.picture
    before = picture.target()
    track = slider(window).track  # it has the focus, and the space bar works all the same
    track.setFocus()
    qtbot.keyPress(track, Qt.Key.Key_Space)
    qtbot.mousePress(picture, LEFT, pos=QPoint(100, 100))
    move(picture, QPoint(130, 90), Qt.KeyboardModifier.NoModifier)
    qtbot.mouseRelease(picture, LEFT, pos=QPoint(130, 90))
    qtbot.keyRelease(track, Qt.Key.Key_Space)
    assert picture.target().topLeft() - before.topLeft() == QPointF(30, -10)


def test_magnified_pixels_are_squares_of_the_right_colour(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    canvas = window.explore.canvas
    assert canvas.rendered is not None
    smooth = canvas.picture.grab().toImage()
    window.commands["view.smooth"].trigger()
    assert not window.settings.values.smooth
    assert not window.commands["view.smooth"].isChecked()
    shown = canvas.picture.grab().toImage()
    assert shown != smooth
    target, scale = canvas.picture.target(), canvas.picture.scale
    for row, column in ((0, 0), (13, 7), (27, 27)):
        value = int(canvas.rendered.pixels[0][row, column, 0])
        for inset in (0.1, 0.9):
            x = int(target.left() + (column + inset) * scale)
            y = int(target.top() + (row + inset) * scale)
            assert shown.pixelColor(x, y).red() == value


def test_copy_puts_the_exact_pixels_on_the_clipboard(window: MainWindow, qtbot: QtBot) -> None:
    wait_picture(window, qtbot)
    window.commands["edit.copy"].trigger()
    copied = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_Grayscale8)
    assert window.explore.canvas.rendered is not None
    pixels = window.explore.canvas.rendered.pixels[0][..., 0]
    assert [copied.pixelColor(x, 9).red() for x in range(28)] == list(pixels[9])


def test_a_saved_picture_brings_its_look_back(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "PNG (*.png)"))
    drag(qtbot, slider(window).track, (0.5, 0.8))
    wait_picture(window, qtbot)
    look = window.document.state.look
    window.commands["file.save"].trigger()
    path = target.with_suffix(".png")
    qtbot.waitUntil(lambda: not window.jobs.jobs())
    recipe = read_recipe(path)
    assert recipe is not None
    assert recipe["checkpoint"] == window.document.state.checkpoint
    assert recipe["program"].startswith("GANStudio ")
    assert Look.from_json(json.loads(json.dumps(recipe["look"]))) == look
    rendered = window.explore.canvas.rendered
    assert rendered is not None
    assert np.array_equal(np.asarray(Image.open(path).convert("L")), rendered.pixels[0][..., 0])
    qtbot.keyClick(window, Qt.Key.Key_R)
    window.opener.open(path)
    wait_opened(window, qtbot)
    assert window.document.state.look == look


def test_a_save_while_b_is_held_keeps_the_recipe_of_what_is_seen(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drag(qtbot, slider(window).track, (0.5, 0.8))
    wait_picture(window, qtbot)
    qtbot.keyPress(window, Qt.Key.Key_B)
    canvas = window.explore.canvas
    qtbot.waitUntil(lambda: canvas.rendered is not None and not canvas.rendered.request.looks[0].edits, timeout=20_000)
    canvas.save(tmp_path / "before.png")
    qtbot.keyRelease(window, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: not window.jobs.jobs())
    recipe = read_recipe(tmp_path / "before.png")
    assert recipe is not None
    assert "edits" not in recipe["look"]


def test_a_save_that_fails_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    wait_picture(window, qtbot)
    with qtbot.waitSignal(window.document.failed) as caught:
        window.explore.canvas.save(tmp_path / "no such folder" / "picture.png")
    assert "no such folder" in str(caught.args[0])


# Filmstrip and models


def test_the_filmstrip_walks_and_marks_the_history(window: MainWindow, qtbot: QtBot) -> None:
    strip = window.explore.filmstrip.history
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_R)
    assert strip.count() == 4
    assert strip.currentRow() == 3
    qtbot.waitUntil(lambda: all(not strip.item(row).icon().isNull() for row in range(4)), timeout=20_000)
    qtbot.mouseClick(strip.viewport(), LEFT, pos=strip.visualItemRect(strip.item(1)).center())
    assert window.document.state.history_index == 1
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert window.document.state.history_index == 0
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert window.document.state.history_index == 1
    assert strip.currentRow() == 1


def test_a_favourite_is_kept_and_opened_again(window: MainWindow, qtbot: QtBot) -> None:
    kept = window.document.state.look
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert [entry.look for entry in window.document.state.favourites] == [kept]
    qtbot.keyClick(window, Qt.Key.Key_R)
    strip = window.explore.filmstrip.favourites
    qtbot.mouseClick(strip.viewport(), LEFT, pos=strip.visualItemRect(strip.item(0)).center())
    assert window.document.state.look == kept


def test_a_look_is_said_in_words() -> None:
    look = Look(seed=3, truncation=0.7, label=1, edits=(Edit("hair_length", 1.5),), blend_seed=9, blend=0.25)
    assert say_look(look) == "Seed 3, truncation 0.7, class 1, hair length +1.5, 25% towards seed 9"


def test_models_tell_facts_open_on_click_and_mark_what_is_gone(
    window: MainWindow, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    other = tiny_checkpoint.with_name("other.safetensors")
    other.write_bytes(tiny_checkpoint.read_bytes())
    gone = tiny_checkpoint.with_name("gone.safetensors")
    for path in (gone, other):
        window.settings.add_recent(path)
    models = window.explore.models
    qtbot.waitUntil(lambda: any(models.list.item(row).text() == "gone" for row in range(models.list.count())))
    rows = {models.list.item(row).text(): models.list.item(row) for row in range(models.list.count())}
    models.list.scrollToItem(rows["other"])
    qtbot.mouseClick(models.list.viewport(), LEFT, pos=models.list.visualItemRect(rows["other"]).center())
    wait_opened(window, qtbot)
    assert window.document.state.checkpoint == str(other)
    assert models.list.currentItem().text() == "other"
    facts = dict(models.facts.rows)
    assert facts["Family"] == "MLP"
    assert facts["Pictures"] == "28 × 28 px, grey"
    wait_picture(window, qtbot)


def test_opening_another_model_keeps_the_old_picture_until_the_new_one_is_there(
    window: MainWindow, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    wait_picture(window, qtbot)
    other = tiny_checkpoint.with_name("other.safetensors")
    other.write_bytes(tiny_checkpoint.read_bytes())
    window.opener.open(other)
    assert not window.explore.canvas.picture.image.isNull()
    qtbot.waitUntil(lambda: window.explore.canvas.rendered.request.checkpoint_path == str(other), timeout=20_000)


def test_undo_of_closing_brings_the_sliders_back(window: MainWindow, qtbot: QtBot) -> None:
    drag(qtbot, slider(window).track, (0.5, 0.8))
    value = strength(window)
    window.document.apply("Close", edits.close_checkpoint(window.document.state))
    assert window.explore.directions.sliders == {}
    window.commands["edit.undo"].trigger()
    assert slider(window).value == value


def without_directions(checkpoint: Path) -> Path:
    from ganstudio.checkpoints.building import replace_directions

    plain = checkpoint.with_name("plain.safetensors")
    replace_directions(plain, catalogue.read(checkpoint), ())
    return plain


def test_directions_are_found_for_a_model_that_has_none(
    window: MainWindow, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    plain = without_directions(tiny_checkpoint)
    window.opener.open(plain)
    wait_opened(window, qtbot)
    panel = window.explore.directions
    assert panel.sliders == {}
    assert panel.find_button is not None
    qtbot.mouseClick(panel.find_button, LEFT)
    dialog = window.findChild(FindDirectionsDialog)
    assert dialog is not None
    qtbot.mouseClick(dialog.find_button, LEFT)
    qtbot.waitUntil(lambda: not window.explore.finding.is_running, timeout=30_000)
    assert len(window.document.state.directions) == 8
    assert window.document.state.checkpoint == str(plain)


def test_icons_take_the_colours_of_another_theme(window: MainWindow, qtbot: QtBot) -> None:
    dice = next(b for b in window.explore.latent.findChildren(QToolButton) if "New seed" in b.toolTip())

    def colour() -> int:
        image = dice.icon().pixmap(32, 32).toImage()
        shades = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
        return max(shades, key=lambda shade: shade.alpha()).lightness()

    window.commands["view.theme_dark"].trigger()
    assert colour() > 150
    window.commands["view.theme_light"].trigger()
    assert colour() < 100


def test_noise_is_offered_where_the_network_adds_some(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    panel = window.explore.latent
    assert not panel.noise.isVisible()
    generator, config = build()
    for layer in generator.synthesis.layers:
        layer.noise_strength.data.fill_(1.0)
    path = tmp_path / "noisy.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    window.document.open_requested.emit(path)
    wait_opened(window, qtbot)
    wait_picture(window, qtbot)
    noisy = window.explore.canvas.rendered
    assert noisy is not None
    assert panel.noise.isVisible()
    panel.noise.heading.click()
    box = panel.noise.is_on
    assert box.isChecked()
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert not window.document.state.look.noise.is_on
    wait_picture(window, qtbot)
    plain = window.explore.canvas.rendered
    assert plain is not None
    assert (plain.pixels != noisy.pixels).any()
    window.commands["edit.undo"].trigger()
    assert box.isChecked()
