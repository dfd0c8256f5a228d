"""OSC that comes in by UDP: read in short turns, so that no flood keeps the window from its work."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QHostAddress, QUdpSocket

from ganstudio.animation.control.osc import (
    HOW_TO_INSTALL,
    LARGEST_PACKET,
    Message,
    PacketError,
    can_speak,
    read_packet,
)
from ganstudio.animation.errors import AnimationError

_MOST_AT_ONCE = 2000  # packets of a turn
_READ_ONE_BY_ONE = 100  # of them; of more only the newest of each address is looked at
_LONGEST_TURN_S = 0.004
_BETWEEN_TURNS_MS = 8
_ROOM = 1 << 20  # bytes that the system keeps for us, so that the newest of a flood is not what it drops


@dataclass(frozen=True)
class OscCounts:
    """What came in since listening began.

    Attributes:
        packets: How many were taken off the socket.
        broken: How many of them were refused.
        passed_over: How many gave way to a newer one for the same address, because they came too fast.
        refusal: Why the last was refused, or "".
    """

    packets: int = 0
    broken: int = 0
    passed_over: int = 0
    refusal: str = ""


class OscInput(QObject):
    """A UDP port that is listened to.

    Signals:
        heard(messages): A turn's messages in their order (tuple of `Message`).
        counted(): `counts` has changed.
    """

    heard = Signal(object)
    counted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.counts = OscCounts()
        self._socket: QUdpSocket | None = None
        self._pause = QTimer(self, singleShot=True, interval=_BETWEEN_TURNS_MS)
        self._pause.timeout.connect(self._read)

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._socket is not None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return 0 if self._socket is None else self._socket.localPort()

    def open(self, port: int, hears_network: bool = False) -> None:
        """Listen, in the place of what was listened to before.

        Args:
            port: UDP port.
            hears_network: Whether packets of other machines are taken.

        Raises:
            AnimationError: python-osc is not installed, or the port is taken.
        """
        self.close()
        if not can_speak():
            raise AnimationError("OSC", "it needs python-osc, which is not installed", HOW_TO_INSTALL)
        socket = QUdpSocket(self)
        where = QHostAddress.SpecialAddress
        if not socket.bind(QHostAddress(where.AnyIPv4 if hears_network else where.LocalHost), port):
            reason = f"it cannot be listened to ({socket.errorString()})"
            socket.deleteLater()
            raise AnimationError(f"port {port}", reason, "choose another, or close the program that has it")
        socket.setSocketOption(QUdpSocket.SocketOption.ReceiveBufferSizeSocketOption, _ROOM)
        socket.readyRead.connect(self._on_ready)
        self._socket, self.counts = socket, OscCounts()
        self.counted.emit()

    def close(self) -> None:
        """Listen no longer."""
        self._pause.stop()
        if self._socket is not None:
            self._socket.close()
            self._socket.deleteLater()
            self._socket = None

    def _on_ready(self) -> None:
        if not self._pause.isActive():  # what waits is read then, and the socket is quiet until something is
            self._read()

    def _read(self) -> None:
        socket = self._socket
        if socket is None:
            return
        packets = list(_take(socket))
        if not packets:
            return
        chosen = _newest(packets)
        messages: list[Message] = []
        broken, refusal = 0, self.counts.refusal
        for packet in chosen:
            try:
                messages += read_packet(packet)
            except PacketError as error:
                broken, refusal = broken + 1, error.message
        old = self.counts
        passed_over = old.passed_over + len(packets) - len(chosen)
        self.counts = OscCounts(old.packets + len(packets), old.broken + broken, passed_over, refusal)
        if socket.hasPendingDatagrams():
            self._pause.start()
        self.counted.emit()
        if messages:
            self.heard.emit(tuple(messages))


def _take(socket: QUdpSocket) -> Iterator[bytes]:
    """Packets that wait, until the turn is over; of one that is too large only so much that this is seen."""
    end = time.perf_counter() + _LONGEST_TURN_S
    for _number in range(_MOST_AT_ONCE):
        if not socket.hasPendingDatagrams() or time.perf_counter() > end:
            return
        packet, _host, _port = socket.readDatagram(LARGEST_PACKET + 1)
        yield bytes(packet.data())


def _newest(packets: list[bytes]) -> list[bytes]:
    """The first packets, and of the others the newest of each beginning, which is an address or a bundle's."""
    late: dict[bytes, bytes] = {}
    for packet in packets[_READ_ONE_BY_ONE:]:
        head = packet.split(b"\x00", 1)[0]
        late.pop(head, None)
        late[head] = packet
    return [*packets[:_READ_ONE_BY_ONE], *late.values()]
