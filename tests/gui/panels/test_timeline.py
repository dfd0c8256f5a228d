"""The Animate workspace through its widgets: keys, dragging, menus, the play head, auto-key, playing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.animation.easing import Easing
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.widgets.easing_curve import EasingPopup
from ganstudio.project import direction_edits, edits, timeline_edits
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SMILE = "edit:smile"


@pytest.fixture
def animate(window: MainWindow, qtbot: QtBot) -> MainWindow:
    window.commands["view.animate"].trigger()
    wait_look(window, qtbot, window.document.state.look)
    return window


def wait_look(window: MainWindow, qtbot: QtBot, look: Look) -> None:
    def is_shown() -> bool:
        rendered = window.explore.canvas.rendered
        return rendered is not None and rendered.request.looks == (look,)

    qtbot.waitUntil(is_shown, timeout=20_000)


def put(window: MainWindow, *tracks: Track, **values: object) -> None:
    timeline = Timeline(tracks=tracks, **values)  # type: ignore[arg-type]
    window.document.apply("Timeline", timeline_edits.set_timeline(window.document.state, timeline))


def frames_of(window: MainWindow, parameter: str) -> list[int]:
    track = window.document.state.timeline.track_of(parameter)
    return [] if track is None else [key.frame for key in track.keys]


def drag(target: QWidget, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    """Drag in five steps, with keys held."""
    for kind, place, button in (
        (QEvent.Type.MouseButtonPress, start, LEFT),
        *((QEvent.Type.MouseMove, start + (end - start) * (step / 5), LEFT) for step in range(1, 6)),
        (QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.NoButton),
    ):
        at = QPointF(place)
        pressed = LEFT if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
        QApplication.sendEvent(target, QMouseEvent(kind, at, target.mapToGlobal(at), pressed, button, keys))


def choose(menu: QMenu | None, *path: str) -> None:
    """Press an entry of a menu, by its words from the outside in."""
    assert menu is not None
    for words in path[:-1]:
        menu = next(one for one in (action.menu() for action in menu.actions()) if one and one.title() == words)
    next(action for action in menu.actions() if action.text().startswith(path[-1])).trigger()


def test_the_canvas_is_the_same_in_both_workspaces(animate: MainWindow, qtbot: QtBot) -> None:
    canvas = animate.explore.canvas
    assert canvas.isVisible()
    assert animate.animate.timeline.isVisible()
    assert animate.explore.latent.isVisible()
    assert not animate.explore.filmstrip.isVisible()
    animate.commands["view.explore"].trigger()
    assert canvas.isVisible()
    assert animate.explore.filmstrip.isVisible()
    assert not animate.animate.timeline.isVisible()
    animate.commands["view.animate"].trigger()
    assert animate.animate.timeline.isVisible()
    assert animate.explore.directions.isVisible()
    animate.commands["view.reset_layout"].trigger()
    assert animate.animate.timeline.isVisible()
    assert animate.explore.latent.isVisible()
    qtbot.keyClick(animate, Qt.Key.Key_F2)
    assert animate.workspaces.current == "explore"


def test_pictures_are_keyed_and_scrubbed(animate: MainWindow, qtbot: QtBot) -> None:
    window, panel = animate, animate.animate.timeline
    qtbot.keyClick(window, Qt.Key.Key_K)
    first = window.document.state.look
    qtbot.mouseClick(panel.ruler, LEFT, pos=QPoint(round(panel.axis.x_of(60)), 20))
    assert window.animate.head.position == 60
    window.commands["picture.new"].trigger()
    second = window.document.state.look
    wait_look(window, qtbot, second)
    assert panel.tools.notice.text() == "Not keyed: Picture"
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert panel.tools.notice.text() == ""
    assert frames_of(window, "latent") == [0, 60]
    drag(panel.ruler, QPoint(round(panel.axis.x_of(60)), 20), QPoint(round(panel.axis.x_of(0)), 20))
    wait_look(window, qtbot, first)
    assert window.document.state.look == second
    window.animate.head.go_to(30)
    between = window.animate.head.frame.look.between
    assert between is not None
    assert dict(between.parts) == {first.latent: 0.5, second.latent: 0.5}
    wait_look(window, qtbot, window.animate.head.frame.look)
    window.commands["animate.take"].trigger()
    assert window.document.state.look.between == between
    assert panel.tools.notice.text() == ""
    window.commands["view.explore"].trigger()
    wait_look(window, qtbot, window.document.state.look)


def test_what_is_changed_is_shown_and_dropped_with_the_next_frame(animate: MainWindow, qtbot: QtBot) -> None:
    window, head = animate, animate.animate.head
    put(window, Track(SMILE, (Key(0, -1.0), Key(60, 1.0))))
    head.go_to(60)
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", 2.5))
    assert head.frame.look.strength_of("smile") == 2.5
    wait_look(window, qtbot, head.frame.look)
    window.commands["edit.undo"].trigger()
    assert head.frame.look.strength_of("smile") == 1.0
    window.commands["edit.redo"].trigger()
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", 2.0))
    head.go_to(0)
    assert head.frame.look.strength_of("smile") == -1.0
    head.go_to(60)
    assert head.frame.look.strength_of("smile") == 1.0


def test_auto_key_keys_a_drag_as_one_step(animate: MainWindow, qtbot: QtBot) -> None:
    window = animate
    window.commands["animate.auto_key"].trigger()
    assert window.commands["animate.auto_key"].isChecked()
    window.animate.head.go_to(24)
    before = window.document.undo_stack.count()
    for strength in (0.5, 1.0, 1.5):
        state = direction_edits.set_strength(window.document.state, "smile", strength)
        window.document.apply("Smile", state, merge_key="smile 1")
    assert window.document.undo_stack.count() == before + 1
    track = window.document.state.timeline.track_of(SMILE)
    assert track is not None
    assert [(key.frame, key.value) for key in track.keys] == [(24, 1.5)]
    window.commands["edit.undo"].trigger()
    assert window.document.state.timeline.tracks == ()
    assert window.document.state.look.strength_of("smile") == 0


def test_keys_are_dragged_with_snapping_as_one_step(animate: MainWindow, qtbot: QtBot) -> None:
    window, rows, axis = animate, animate.animate.timeline.rows, animate.animate.timeline.axis
    put(window, Track("latent", (Key(0, Look(seed=1)), Key(40, Look(seed=2)))), Track(SMILE, (Key(70, 1.0),)))
    place = rows.x_of(("latent", 40))
    near = QPoint(round(axis.x_of(70)) + 6, place.y())
    drag(rows, place, near)
    assert frames_of(window, "latent") == [0, 70]
    assert rows.selection == {("latent", 70)}
    window.commands["edit.undo"].trigger()
    assert frames_of(window, "latent") == [0, 40]
    away = round(axis.frame_at(near.x()))
    drag(rows, place, near, SHIFT)
    assert frames_of(window, "latent") == [0, away]
    assert away != 70
    qtbot.keyClick(rows, Qt.Key.Key_Right, SHIFT)
    assert frames_of(window, "latent") == [0, away + 10]
    qtbot.keyClick(rows, Qt.Key.Key_Left)
    assert frames_of(window, "latent") == [0, away + 9]
    qtbot.mouseClick(rows, LEFT, SHIFT, rows.x_of(("latent", 0)))
    assert rows.selection == {("latent", 0), ("latent", away + 9)}
    qtbot.mouseClick(rows, LEFT, SHIFT, rows.x_of(("latent", 0)))
    assert rows.selection == {("latent", away + 9)}


def test_keys_are_caught_copied_pasted_duplicated_stretched_and_deleted(animate: MainWindow, qtbot: QtBot) -> None:
    window, rows = animate, animate.animate.timeline.rows
    put(window, Track("truncation", (Key(0, 1.0), Key(10, 0.5), Key(20, 1.0))), Track(SMILE, (Key(10, 1.0),)))
    rows.setFocus()
    start, end = rows.x_of(("truncation", 0)) - QPoint(10, 12), rows.x_of(("truncation", 20)) + QPoint(9, 12)
    drag(rows, start, end)
    assert rows.selection == {("truncation", 0), ("truncation", 10), ("truncation", 20)}
    qtbot.keyClick(rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    window.animate.head.go_to(60)
    qtbot.keyClick(rows, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert frames_of(window, "truncation") == [0, 10, 20, 60, 70, 80]
    assert rows.selection == {("truncation", 60), ("truncation", 70), ("truncation", 80)}
    qtbot.keyClick(rows, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(rows.selection) == 7
    qtbot.mouseClick(rows, LEFT, pos=rows.x_of((SMILE, 10)))
    qtbot.keyClick(rows, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert frames_of(window, SMILE) == [10, 60]
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert frames_of(window, SMILE) == [10]
    window.commands["edit.undo"].trigger()
    assert frames_of(window, SMILE) == [10, 60]


def test_alt_stretches_all_selected_keys(animate: MainWindow, qtbot: QtBot) -> None:
    window, rows, axis = animate, animate.animate.timeline.rows, animate.animate.timeline.axis
    put(window, Track("truncation", (Key(0, 1.0), Key(10, 0.5), Key(20, 1.0))))
    rows.select([("truncation", frame) for frame in (0, 10, 20)])
    place = rows.x_of(("truncation", 20))
    drag(rows, place, QPoint(round(axis.x_of(60)), place.y()), ALT)
    assert frames_of(window, "truncation") == [0, 30, 60]
    window.commands["edit.undo"].trigger()
    assert frames_of(window, "truncation") == [0, 10, 20]


def test_menus_set_easing_way_and_curve(animate: MainWindow, qtbot: QtBot) -> None:
    window, panel = animate, animate.animate.timeline
    put(window, Track("latent", (Key(0, Look(seed=1)), Key(40, Look(seed=2)))))
    place = frozenset({("latent", 0)})

    def open_menu() -> QMenu | None:
        panel.menus.open_for_keys(place, "latent", panel.mapToGlobal(QPoint(10, 10)))
        return panel.menus.menu

    choose(open_menu(), "Easing", "Spring")
    track = window.document.state.timeline.track_of("latent")
    assert track is not None
    assert [key.easing for key in track.keys] == [Easing("spring"), Easing()]
    choose(open_menu(), "Way from Key to Key", "Spline")
    assert window.document.state.timeline.track_of("latent").way == "spline"  # type: ignore[union-attr]
    choose(open_menu(), "Easing", "Own curve")
    popup = panel.findChild(EasingPopup)
    assert popup is not None
    before = window.document.undo_stack.count()
    curve = popup.curve
    drag(curve, curve.point_of(*curve.handles[:2]).toPoint(), curve.point_of(0.8, 0.1).toPoint())
    qtbot.keyClick(curve, Qt.Key.Key_Space)
    qtbot.keyClick(curve, Qt.Key.Key_Up)
    assert window.document.undo_stack.count() == before
    easing = window.document.state.timeline.track_of("latent").keys[0].easing  # type: ignore[union-attr]
    assert easing.kind == "curve"
    assert easing.handles[:2] == pytest.approx((0.8, 0.1), abs=0.02)
    popup.close()
    for menu in panel.findChildren(QMenu):
        menu.close()


def test_heads_show_and_set_values_mute_and_remove(animate: MainWindow, qtbot: QtBot) -> None:
    window, panel = animate, animate.animate.timeline
    put(window, Track("zoom", (Key(0, 1.0, Easing("linear")), Key(100, 3.0))), Track(SMILE, (Key(0, 1.0),)))
    window.animate.head.go_to(50)
    head = panel.heads["zoom"]
    assert head.value.value() == 2.0
    head.value.setValue(4.0)
    assert frames_of(window, "zoom") == [0, 50, 100]
    assert window.animate.head.frame.zoom == 4.0
    head.mute.click()
    assert window.document.state.timeline.track_of("zoom").is_muted  # type: ignore[union-attr]
    assert window.animate.head.frame.zoom == 1.0
    panel.heads[SMILE].remove.click()
    assert list(panel.heads) == ["zoom"]
    window.commands["edit.undo"].trigger()
    assert list(panel.heads) == ["zoom", SMILE]
    panel.heads[SMILE].key.click()
    assert frames_of(window, SMILE) == [0, 50]
    qtbot.mouseDClick(panel.rows, LEFT, pos=QPoint(round(panel.axis.x_of(80)), panel.rows.x_of((SMILE, 0)).y()))
    assert frames_of(window, SMILE) == [0, 50, 80]


def test_tracks_are_added_from_all_that_the_model_has(animate: MainWindow, qtbot: QtBot) -> None:
    window, tools = animate, animate.animate.timeline.tools
    menu = tools.add_track.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    offered = [action.data() for action in menu.actions() if action.data()]
    assert offered[:3] == ["latent", "truncation", "label_blend"]
    assert {SMILE, "edit:pca_1", "zoom", "centre_x"} <= set(offered)
    assert "noise_seed" not in offered  # this model adds none
    next(action for action in menu.actions() if action.data() == "zoom").trigger()
    assert frames_of(window, "zoom") == [0]
    menu.aboutToShow.emit()
    assert "zoom" not in [action.data() for action in menu.actions()]


def test_frames_are_named_and_snapped_to(animate: MainWindow, qtbot: QtBot) -> None:
    window, panel = animate, animate.animate.timeline
    window.animate.head.go_to(30)
    qtbot.keyClick(window, Qt.Key.Key_M)
    dialog = panel.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("turn")
    dialog.accept()
    assert [(one.frame, one.name) for one in window.document.state.timeline.markers] == [(30, "turn")]
    assert panel.ruler.markers == ((30, "turn"),)
    qtbot.mouseClick(panel.ruler, LEFT, pos=QPoint(round(panel.axis.x_of(30)) + 4, 20))
    assert window.animate.head.position == 30
    window.commands["edit.undo"].trigger()
    assert panel.ruler.markers == ()


def test_length_rate_loop_and_axis(animate: MainWindow, qtbot: QtBot) -> None:
    window, panel = animate, animate.animate.timeline
    window.animate.head.go_to(100)
    panel.tools.length.setValue(48)
    panel.tools.length.editingFinished.emit()
    assert window.document.state.timeline.length == 48
    assert window.animate.head.position == 47
    panel.tools.loop.click()
    assert window.document.state.timeline.is_loop
    panel.tools.rate.setCurrentIndex(2)
    panel.tools.rate.activated.emit(2)
    assert float(window.document.state.timeline.fps) == pytest.approx(29.97, abs=0.001)
    scale = panel.axis.scale
    turn_wheel(panel.ruler, 120)
    assert panel.axis.scale > scale
    panel.tools.fit.click()
    assert panel.axis.scale == scale
    panel.tools.seconds.click()
    assert panel.axis.say(30) == "1 s"
    assert window.document.undo_stack.count() == 3


def turn_wheel(target: QWidget, turned: int) -> None:
    at = QPointF(target.rect().center())
    event = QWheelEvent(
        at, target.mapToGlobal(at), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(target, event)


def test_frames_are_drawn_ahead_and_found_again(animate: MainWindow, qtbot: QtBot) -> None:
    window, cache, ruler = animate, animate.animate.cache, animate.animate.timeline.ruler
    put(window, Track(SMILE, (Key(0, -1.0, Easing("linear")), Key(11, 1.0))), length=12)
    qtbot.waitUntil(lambda: ruler.drawn == ((0, 11),), timeout=20_000)
    state = window.document.state
    window.document.apply("Truncation", edits.set_truncation(state, 0.5))
    qtbot.waitUntil(lambda: cache.find(cache.frame(3).look) is None, timeout=5_000)
    qtbot.waitUntil(lambda: ruler.drawn == ((0, 11),), timeout=20_000)
    window.commands["edit.undo"].trigger()
    assert cache.find(cache.frame(3).look) is not None
    window.document.apply("Key", timeline_edits.set_key(state, SMILE, Key(11, -1.0)))
    assert cache.find(cache.frame(0).look) is not None  # it is as it was
    assert cache.find(cache.frame(8).look) is not None  # the same as the first by now
    window.rendering.forgot.emit(str(state.checkpoint))
    assert cache.find(cache.frame(0).look) is None


def test_it_plays_to_the_end_and_loops(animate: MainWindow, qtbot: QtBot) -> None:
    window, playback = animate, animate.animate.playback
    put(window, Track(SMILE, (Key(0, -1.0, Easing("linear")), Key(11, 1.0))), length=12)
    shown: list[Look] = []
    playback.shown.connect(lambda _rendered, frame: shown.append(frame.look))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert playback.is_playing
    assert window.commands["animate.play"].isChecked()
    qtbot.waitUntil(lambda: not playback.is_playing, timeout=20_000)
    assert window.animate.head.position == 11
    assert shown
    wait_look(window, qtbot, window.animate.head.frame.look)
    assert playback.figures().dropped + playback.figures().shown <= 12
    window.document.apply("Loop", timeline_edits.set_loop(window.document.state, is_loop=True))
    shown.clear()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(shown) > 14, timeout=20_000)
    assert playback.is_playing
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not playback.is_playing


def test_without_a_model_it_says_what_to_do(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(Project(checkpoint="/nowhere/model.pkl"))
    window.commands["view.animate"].trigger()
    assert window.animate.timeline.isVisible()
    assert not window.animate.playback.is_playing
    window.animate.playback.play()
    assert not window.animate.playback.is_playing
