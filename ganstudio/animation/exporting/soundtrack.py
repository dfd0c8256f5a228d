"""The sound of a film: decoded, brought to one rate, cut or filled with silence to the film's length, to the sample."""

from collections.abc import Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import SOUND_RATE, Samples

if TYPE_CHECKING:
    from av import AudioFrame

_PIECE = 1 << 16


class Soundtrack:
    """Gives the sound piece by piece; the file is never held as a whole.

    Args:
        path: An audio file, or a film with sound.
        start: Seconds of the file that the film begins at.
        seconds: How long the film is.
    """

    def __init__(self, path: Path, start: Fraction, seconds: Fraction) -> None:
        self._path = path
        self._skipped = round(start * SOUND_RATE)
        self.samples = round(seconds * SOUND_RATE)
        self._pieces: Iterator[Samples] | None = None
        self._rest = np.zeros((2, 0), np.float32)
        self._given = 0

    def check(self) -> Iterator[float]:
        """Decode all that is needed once, and throw it away: a file that is broken is found before anything is drawn.

        Yields:
            The share that was looked at, 0 to 1.

        Raises:
            AnimationError: The file is gone, has no sound, or is broken.
        """
        needed, seen = self._skipped + self.samples, 0
        for piece in self._decode():
            seen += piece.shape[1]
            if seen >= needed:
                return
            yield seen / needed
        if not seen:
            raise AnimationError(self._path, "there is no sound in it", "choose an audio file")

    def take(self, up_to: Fraction) -> Samples:
        """The samples `(2, N)` that follow, up to a time of the film in seconds; silence beyond the end of the file."""
        count = min(round(up_to * SOUND_RATE), self.samples) - self._given
        parts, missing = [], count
        while missing > 0:
            if not self._rest.shape[1]:
                self._rest = self._next(missing)
            part, self._rest = self._rest[:, :missing], self._rest[:, missing:]
            parts.append(part)
            missing -= part.shape[1]
        self._given += max(count, 0)
        return np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), np.float32)

    def _next(self, missing: int) -> Samples:
        if self._pieces is None:
            self._pieces = self._from_start()
        piece = next(self._pieces, None)
        return np.zeros((2, missing), np.float32) if piece is None else piece

    def _from_start(self) -> Iterator[Samples]:
        left = self._skipped
        for piece in self._decode():
            if piece.shape[1] > left:
                yield piece[:, left:]
            left = max(0, left - piece.shape[1])

    def _decode(self) -> Iterator[Samples]:
        """All of the file in two channels, from its time 0 on."""
        if find_spec("av") is None:
            raise AnimationError(self._path, "sound needs PyAV, which is not installed",
                                 "pip install 'ganstudio[animate]', or export without sound")  # fmt: skip
        import av

        try:
            with av.open(str(self._path)) as container:
                if not container.streams.audio:
                    raise AnimationError(self._path, "there is no sound in it", "choose an audio file")
                resampler, is_first = av.AudioResampler("fltp", "stereo", SOUND_RATE), True
                for frame in container.decode(container.streams.audio[0]):
                    if is_first:
                        yield from _silence_before(frame)
                        is_first = False
                    frame.pts = None  # one after another: the resampler would fill gaps of files that are joined badly
                    for piece in resampler.resample(frame):
                        yield np.asarray(piece.to_ndarray(), np.float32)
                for piece in resampler.resample(None):
                    yield np.asarray(piece.to_ndarray(), np.float32)
        except FileNotFoundError as error:
            remedy = "choose it where it is now, or export without sound"
            raise AnimationError(self._path, "the file of the sound is not there", remedy) from error
        except (av.FFmpegError, OSError, ValueError) as error:
            reason = f"it cannot be read as sound ({getattr(error, 'strerror', None) or error})"
            raise AnimationError(self._path, reason, "choose another file, or export without sound") from error


def _silence_before(frame: "AudioFrame") -> Iterator[Samples]:
    """Silence for a sound that begins after the time 0 of its file."""
    left = round(frame.time * SOUND_RATE) if frame.time else 0
    while left > 0:
        yield np.zeros((2, min(left, _PIECE)), np.float32)
        left -= _PIECE
