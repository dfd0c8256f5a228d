from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.empty_state import EmptyState
from ganstudio.gui.widgets.fuzzy import rank
from ganstudio.gui.widgets.status_bar import StatusBar
from ganstudio.gui.widgets.toast import Message, ToastArea


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden() and label.text()]


def test_fuzzy_search_prefers_starts_of_words_and_letters_in_a_row() -> None:
    names = [("n", "New Picture"), ("f", "Fit Picture"), ("c", "Clear History"), ("g", "Grid View")]
    assert rank("pic", names)[:2] == ["n", "f"]
    assert rank("gv", names)[0] == "g"
    assert rank("cle", names)[0] == "c"
    assert rank("zzz", names) == []
    assert rank("", names) == ["n", "f", "c", "g"]


def test_status_bar_says_what_it_knows_and_hides_what_it_does_not(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    assert texts(bar) == ["Ready"]
    bar.show_device("CPU, 1 thread")
    bar.show_latency(12.4, 31.6)
    bar.show_memory(3 << 30)
    assert {"CPU, 1 thread", "Picture 12 ms  ·  32 fps", "Memory 3.0 GB"} <= set(texts(bar))
    bar.show_latency(None)
    bar.show_memory(None)
    assert texts(bar) == ["Ready", "CPU, 1 thread"]


def test_status_bar_shows_jobs_with_a_cancel_button(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show()
    cancelled: list[str] = []
    bar.show_job("a", "Training", 0.1, lambda: cancelled.append("a"))
    bar.show_job("b", "Preparing", None)
    bar.show_job("a", "Training, 3 min left", 0.5, lambda: cancelled.append("a"))
    assert "Training, 3 min left" in texts(bar)
    assert "Ready" not in texts(bar)
    [button] = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert cancelled == ["a"]
    bar.end_job("a")
    bar.end_job("b")
    bar.end_job("never there")
    assert "Ready" in texts(bar)


def test_news_go_by_themselves_and_errors_wait(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    area = ToastArea(view)
    news = area.show(Message("Saved", ""))
    error = area.show(Message("Not saved", "Free some space", "error"))
    news._timer.setInterval(1)
    qtbot.waitUntil(lambda: area.shown == (error,))
    [dismiss] = error.findChildren(QPushButton)
    qtbot.mouseClick(dismiss, Qt.MouseButton.LeftButton)
    assert area.shown == ()


def test_messages_do_not_pile_up_and_stay_inside(qtbot: QtBot) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    view.resize(400, 600)
    view.show()
    area = ToastArea(view)
    for number in range(6):
        area.show(Message(f"Error {number} " + "with a very long name " * 8, "Do something", "error"))
    area.show(Message("Same", severity="error"))
    area.show(Message("Same", severity="error"))
    assert [toast.message.text for toast in area.shown].count("Same") == 1
    assert len(area.shown) == 3
    view.resize(360, 500)
    for toast in area.shown:
        assert view.rect().contains(toast.geometry())


def test_an_empty_view_says_how_to_begin(qtbot: QtBot) -> None:
    pressed: list[int] = []
    view = EmptyState("Nothing yet", "Drop a folder", (("Choose…", lambda: pressed.append(1)),))
    qtbot.addWidget(view)
    assert texts(view) == ["Nothing yet", "Drop a folder"]
    qtbot.mouseClick(view.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert pressed == [1]
