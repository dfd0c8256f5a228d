"""A microphone that moves what is shown: asked for new samples in short turns, heard nowhere else and never kept."""

import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.animation.control.osc import HOW_TO_INSTALL
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.expression import formula
from ganstudio.animation.parameters import Frame, parameter_of
from ganstudio.animation.sound.drive import Drive, follow
from ganstudio.animation.sound.features import Source
from ganstudio.animation.sound.meter import LIVE_SOURCES, LiveMeter
from ganstudio.errors import GanStudioError
from ganstudio.rendering.looks.look import Look

_EVERY_MS = 20
_STEPS = 400  # of a gain: less than that is no movement
_RATE = 44_100


class SoundStream(Protocol):
    """What is used of a sound input."""

    rate: int

    def read_new(self) -> npt.NDArray[np.float32]:
        """The samples `(N,)` that have come since it was asked last; raises OSError when it is gone."""

    def close(self) -> None:
        """Let go of it."""


class Microphone(QObject):
    """A sound input, and what it moves.

    Args:
        open_stream: Opens an input by its name; "" for the system's choice.
        list_inputs: Names of all inputs.

    Attributes:
        amounts: What each drive adds now, in its parameter's unit.

    Signals:
        moved(): `amounts` are otherwise, or it was opened or closed.
        lost(text): The input is gone.
    """

    moved = Signal()
    lost = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        open_stream: Callable[[str], SoundStream] | None = None,
        list_inputs: Callable[[], list[str]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_stream = open_stream or open_device
        self._list_inputs = list_inputs or list_devices
        self._stream: SoundStream | None = None
        self._meter = LiveMeter(_RATE)
        self._drives: tuple[Drive, ...] = ()
        self._levels: tuple[float, ...] = ()
        self._read_at = 0.0
        self.amounts: tuple[float, ...] = ()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._read)

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._stream is not None

    @property
    def values(self) -> dict[Source, float]:
        """What is heard now, 0 to 1 by source."""
        return self._meter.values if self.is_open else dict.fromkeys(LIVE_SOURCES, 0.0)

    def names(self) -> list[str]:
        """Names of all inputs; raises AnimationError where there is no sound."""
        return self._list_inputs()

    def open(self, name: str) -> None:
        """Listen to an input, in the place of the one before.

        Raises:
            AnimationError: There is no sound here, or no such input.
        """
        self.close()
        self._stream = self._open_stream(name)
        self._meter = LiveMeter(self._stream.rate)
        self._read_at = time.monotonic()
        self._timer.start()
        self.moved.emit()

    def close(self) -> None:
        """Listen no longer."""
        self._timer.stop()
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self._rest()
            self.moved.emit()

    def set_drives(self, drives: Iterable[Drive]) -> None:
        """Let it move these."""
        self._drives = tuple(drive for drive in drives if drive.source in LIVE_SOURCES)
        self._rest()

    def look(self, look: Look) -> Look:
        """A look with what the sound adds."""
        frame = Frame(look)
        for drive, amount in zip(self._drives, self.amounts, strict=True):
            parameter = parameter_of(drive.parameter)
            if amount and parameter.limits is not None:
                low, high = parameter.limits
                try:
                    frame = parameter.write(frame, min(max(parameter.read(frame) + amount, low), high))
                except GanStudioError:
                    continue  # a picture with as many edits as there can be
        return frame.look if frame.look != look else look

    def _rest(self) -> None:
        self._levels = (0.0,) * len(self._drives)
        self.amounts = self._levels

    def _read(self) -> None:
        if self._stream is None:
            return
        try:
            samples = self._stream.read_new()
        except (OSError, RuntimeError) as error:
            self.close()
            self.lost.emit(str(error))
            return
        now = time.monotonic()
        seconds, self._read_at = now - self._read_at, now
        self._meter.feed(samples)
        self._follow(seconds)

    def _follow(self, seconds: float) -> None:
        values = self._meter.values
        self._levels = tuple(
            0.0 if drive.is_muted else follow(drive, level, formula(drive.curve).at(values[drive.source]), seconds)
            for drive, level in zip(self._drives, self._levels, strict=True)
        )
        amounts = tuple(
            round(level * _STEPS) / _STEPS * drive.gain for drive, level in zip(self._drives, self._levels, strict=True)
        )
        if amounts != self.amounts:
            self.amounts = amounts
            self.moved.emit()


class _Device:
    """An input of sounddevice, which keeps what has come until it is asked for."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.rate = int(stream.samplerate)
        stream.start()

    def read_new(self) -> npt.NDArray[np.float32]:
        import sounddevice

        try:
            samples, _has_overflowed = self._stream.read(self._stream.read_available)
        except sounddevice.PortAudioError as error:
            raise OSError(str(error)) from error
        mean: npt.NDArray[np.float32] = np.asarray(samples, np.float32).reshape(len(samples), -1).mean(1)
        return mean

    def close(self) -> None:
        self._stream.close()


def can_listen() -> bool:
    """Whether sounddevice is installed."""
    return find_spec("sounddevice") is not None


def list_devices() -> list[str]:
    """Names of the sound inputs of this machine.

    Raises:
        AnimationError: sounddevice is not installed, or the system has no PortAudio or no input.
    """
    return [str(device["name"]) for device in _load().query_devices() if device["max_input_channels"] > 0]


def open_device(name: str) -> SoundStream:
    """Open a sound input; "" for the system's choice.

    Raises:
        AnimationError: There is none of this name, or it cannot be opened.
    """
    sounddevice = _load()
    try:
        return _Device(sounddevice.InputStream(samplerate=_RATE, channels=1, device=name or None, dtype="float32"))
    except (sounddevice.PortAudioError, ValueError, OSError) as error:
        raise AnimationError(name or "microphone", f"it cannot be opened ({error})", "choose another input") from error


def _load() -> Any:
    if not can_listen():
        raise AnimationError("microphone", "it needs sounddevice, which is not installed", HOW_TO_INSTALL)
    try:
        import sounddevice
    except OSError as error:
        remedy = "install it (on Debian: apt install libportaudio2)"
        raise AnimationError("microphone", "PortAudio is missing", remedy) from error
    return sounddevice
