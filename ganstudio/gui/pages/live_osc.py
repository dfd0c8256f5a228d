"""OSC: what is listened to, where changes are sent, and what came of it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganstudio.animation.control.osc import HOW_TO_INSTALL, can_speak
from ganstudio.animation.control.setup import PORT_RANGE, RATE_RANGE
from ganstudio.errors import GanStudioError
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.widgets.wheel_guard import guard_wheel

_ABSENT = f"OSC is switched off: it needs python-osc, which is not installed. To have it: {HOW_TO_INSTALL}"
_NETWORK = "Every machine on the network can move the sliders: OSC has no password."


class LiveOscPage(QWidget):
    """Settings of OSC, and counts.

    Args:
        live: Listens and sends.
    """

    def __init__(self, live: LiveControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self.absent = _line(_ABSENT, "warning", self)
        self.absent.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.absent.setVisible(not can_speak())
        self.hears = QCheckBox("Listen to OSC", self)
        self.port = self._make_number("Port that is listened to", PORT_RANGE)
        self.network = QCheckBox("Also to other machines", self)
        self.warning = _line(_NETWORK, "warning", self)
        self.state = _line("", "muted", self)
        self.trouble = _line("", "danger", self)
        self.sends = QCheckBox("Send what changes", self)
        self.host = QLineEdit(self)
        self.host.setAccessibleName("Address that is sent to")
        self.send_port = self._make_number("Port that is sent to", PORT_RANGE)
        self.rate = self._make_number("Times a second at most", RATE_RANGE)
        self.send_all = QPushButton("Send All Now", self)
        self.send_all.setAutoDefault(False)
        self.send_all.setToolTip("Every value as it is, for controllers that follow")
        self.send_trouble = _line("", "danger", self)
        self.recent = QPlainTextEdit(self, readOnly=True)
        self.recent.setAccessibleName("Messages that came last")
        self.recent.setPlaceholderText("What comes in is shown here.")
        self._lay_out()
        self._connect()
        self.show_state()

    def show_state(self) -> None:
        """Show what is set, and what has come in."""
        live, setup = self._live, self._live.setup
        for box, is_on in ((self.hears, setup.hears_osc), (self.network, setup.hears_network)):
            box.setChecked(is_on)
        self.sends.setChecked(setup.sends_osc)
        for field, value in ((self.port, setup.port), (self.send_port, setup.send_port), (self.rate, setup.send_rate)):
            _show_number(field, value)
        if not self.host.hasFocus():
            self.host.setText(setup.send_host)
        self.warning.setVisible(setup.hears_network)
        self.send_all.setEnabled(live.output.is_open)
        self.state.setText(self._state_text())
        for label, problem in ((self.trouble, "osc"), (self.send_trouble, "send")):
            label.setText(live.problems.get(problem, ""))
            label.setVisible(problem in live.problems)
        self._show_recent()

    def _state_text(self) -> str:
        live = self._live
        if not live.osc.is_open:
            return "Not listening."
        where = "all networks" if live.setup.hears_network else "this machine"
        came, counts = live.osc.counts, live.counts
        parts = [f"Listening on port {live.osc.port} to {where}", f"{came.packets:,} packets", f"{counts.used:,} used"]
        rest = (
            ("broken", came.broken),
            ("passed over for newer ones", came.passed_over),
            ("for nothing that is here", counts.unknown),
            ("without a number", counts.wrong),
            ("refused", counts.refused),
        )
        parts += [f"{count:,} {words}" for words, count in rest if count]
        last = counts.note or came.refusal
        return f"{', '.join(parts)}." + (f"\nLast: {last}" if last else "")

    def _show_recent(self) -> None:
        text = "\n".join(self._live.recent)
        if text != self.recent.toPlainText():
            self.recent.setPlainText(text)

    def _lay_out(self) -> None:
        hearing = self._row(("Port", self.port), ("", self.network))
        sending = self._row(("To", self.host), ("Port", self.send_port))
        rate = self._row(("At most", self.rate), ("times a second", self.send_all))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.absent)
        column.addWidget(self.hears)
        column.addLayout(hearing)
        for label in (self.warning, self.state, self.trouble):
            column.addWidget(label)
        column.addWidget(self.recent, 1)
        column.addWidget(self.sends)
        column.addLayout(sending)
        column.addLayout(rate)
        column.addWidget(self.send_trouble)

    def _row(self, *fields: tuple[str, QWidget]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 0, 0)
        row.setSpacing(8)
        for name, field in fields:
            if name:
                label = QLabel(name, self)
                label.setBuddy(field)
                row.addWidget(label)
            row.addWidget(field)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.hears.clicked.connect(lambda is_on: self._change(hears_osc=is_on))
        self.network.clicked.connect(lambda is_on: self._change(hears_network=is_on))
        self.port.valueChanged.connect(lambda value: self._change(port=value))
        self.sends.clicked.connect(lambda is_on: self._change(sends_osc=is_on))
        self.host.editingFinished.connect(lambda: self._change(send_host=self.host.text().strip()))
        self.send_port.valueChanged.connect(lambda value: self._change(send_port=value))
        self.rate.valueChanged.connect(lambda value: self._change(send_rate=value))
        self.send_all.clicked.connect(self._live.tell_all)
        self._live.changed.connect(self.show_state)

    def _change(self, **values: object) -> None:
        try:
            self._live.change(**values)
        except GanStudioError as error:
            self.show_state()
            self.send_trouble.setText(error.message)
            self.send_trouble.show()
        else:
            self.show_state()

    def _make_number(self, name: str, limits: tuple[int, int]) -> QSpinBox:
        field = QSpinBox(self)
        field.setRange(*limits)
        field.setAccessibleName(name)
        field.setKeyboardTracking(False)
        field.setFixedWidth(96)
        guard_wheel(field)
        return field


def _line(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent, wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _show_number(field: QSpinBox, value: int) -> None:
    field.blockSignals(True)
    field.setValue(value)
    field.blockSignals(False)
