"""MIDI that comes in: asked for in short turns, so that no thread of a driver ever calls into the window."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.animation.control.midi import can_read, read_message
from ganstudio.animation.control.osc import HOW_TO_INSTALL
from ganstudio.animation.errors import AnimationError

_EVERY_MS = 10
_MOST_AT_ONCE = 500


class MidiPort(Protocol):
    """What is used of an input of mido."""

    def iter_pending(self) -> Iterable[Any]:
        """The messages that have come and were not asked for yet."""

    def close(self) -> None:
        """Let go of it."""


class MidiInput(QObject):
    """A MIDI input that is listened to.

    Args:
        open_port: Opens an input by its name; "" for the first.
        list_ports: Names of all inputs.

    Signals:
        touched(touches): Controls were moved (tuple of `Touch`).
        lost(text): The input is gone.
    """

    touched = Signal(object)
    lost = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        open_port: Callable[[str], MidiPort] | None = None,
        list_ports: Callable[[], list[str]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_port = open_port or open_mido_port
        self._list_ports = list_ports or list_mido_ports
        self._port: MidiPort | None = None
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._read)

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._port is not None

    def names(self) -> list[str]:
        """Names of all inputs; raises AnimationError where there is no MIDI."""
        return self._list_ports()

    def open(self, name: str) -> None:
        """Listen to an input, in the place of the one before; "" for the first.

        Raises:
            AnimationError: There is no MIDI, or no such input.
        """
        self.close()
        self._port = self._open_port(name)
        self._timer.start()

    def close(self) -> None:
        """Listen no longer."""
        self._timer.stop()
        if self._port is not None:
            self._port.close()
            self._port = None

    def _read(self) -> None:
        if self._port is None:
            return
        try:
            messages = list(islice(self._port.iter_pending(), _MOST_AT_ONCE))
        except (OSError, ValueError, RuntimeError) as error:
            self.close()
            self.lost.emit(str(error))
            return
        touches = tuple(touch for message in messages if (touch := read_message(message)) is not None)
        if touches:
            self.touched.emit(touches)


def list_mido_ports() -> list[str]:
    """Names of the MIDI inputs of this machine.

    Raises:
        AnimationError: mido or python-rtmidi is not installed, or the system has no MIDI.
    """
    if not can_read():
        raise AnimationError("MIDI", "it needs mido and python-rtmidi, which are not installed", HOW_TO_INSTALL)
    import mido
    from rtmidi import RtMidiError

    try:
        return list(dict.fromkeys(mido.get_input_names()))
    except (RtMidiError, OSError, ImportError) as error:
        raise AnimationError("MIDI", f"this system has none ({error})", "plug a device in, and look again") from error


def open_mido_port(name: str) -> MidiPort:
    """Open a MIDI input.

    Raises:
        AnimationError: There is none of this name, or it is taken.
    """
    names = list_mido_ports()
    if not names or (name and name not in names):
        raise AnimationError(name or "MIDI", "there is no such input", "plug the device in, and look again")
    import mido
    from rtmidi import RtMidiError

    try:
        port: MidiPort = mido.open_input(name or names[0])
    except (RtMidiError, OSError) as error:
        raise AnimationError(name or names[0], f"it cannot be opened ({error})", "close what else has it") from error
    return port
