"""OSC that goes out: the newest value of whatever has changed, so many times a second at most."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QHostAddress, QUdpSocket

from ganstudio.animation.control.addresses import address_of
from ganstudio.animation.control.osc import HOW_TO_INSTALL, can_speak, write_message
from ganstudio.animation.errors import AnimationError


class OscOutput(QObject):
    """A place that is told what changes.

    Signals:
        failed(text): Something could not be sent; told once until something can.
    """

    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sent = 0
        self._socket: QUdpSocket | None = None
        self._host, self._port = QHostAddress(), 0
        self._waiting: dict[str, float] = {}
        self._has_failed = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._send_waiting)

    @property
    def is_open(self) -> bool:
        """Whether it sends."""
        return self._socket is not None

    def open(self, host: str, port: int, rate: int) -> None:
        """Send to a machine from now on.

        Args:
            host: Its address in numbers, or "localhost".
            port: UDP port there.
            rate: Times a second that each value is sent at most.

        Raises:
            AnimationError: python-osc is not installed.
        """
        self.close()
        if not can_speak():
            raise AnimationError("OSC", "it needs python-osc, which is not installed", HOW_TO_INSTALL)
        self._host = QHostAddress("127.0.0.1" if host == "localhost" else host)
        self._port = port
        self._timer.setInterval(round(1000 / rate))
        self._socket = QUdpSocket(self)
        self.sent = 0

    def close(self) -> None:
        """Send no longer."""
        self._timer.stop()
        self._waiting.clear()
        self._has_failed = False
        if self._socket is not None:
            self._socket.close()
            self._socket.deleteLater()
            self._socket = None

    def tell(self, values: dict[str, float]) -> None:
        """Tell these values, by the names of what has them; newer ones take the place of those that wait."""
        if self._socket is None or not values:
            return
        for target, value in values.items():
            self._waiting.pop(target, None)
            self._waiting[target] = value
        if not self._timer.isActive():
            self._send_waiting()

    def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if self._socket is None or not waiting:
            return
        for target, value in waiting.items():
            if self._socket.writeDatagram(write_message(address_of(target), value), self._host, self._port) < 0:
                self._tell_failure(self._socket.errorString())
                break
            self.sent += 1
            self._has_failed = False
        self._timer.start()

    def _tell_failure(self, text: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(text)
