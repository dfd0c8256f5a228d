from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.wheel_guard import guard_wheel


def wheel(widget: QWidget) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_changes_a_field_only_after_a_click(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    field, other = QSpinBox(page), QSpinBox(page)
    layout = QVBoxLayout(page)
    for box in (other, field):
        layout.addWidget(box)
    guard_wheel(field)
    page.show()
    other.setFocus()
    wheel(field)
    assert field.value() == 0
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    wheel(field)
    assert field.value() == 1
