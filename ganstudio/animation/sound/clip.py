"""Audio files as numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganstudio.animation.errors import AnimationError

if TYPE_CHECKING:
    from av import AudioFrame, AudioResampler

MOST_SECONDS = 3600
_RATE = 44_100  # everything is brought to it
_TELL_EVERY = 500  # pieces of some hundredths of a second


@dataclass(frozen=True, eq=False)
class Clip:
    """A piece of sound.

    Attributes:
        samples: float32 `(N,)` in [-1, 1], all channels in one.
        rate: Samples a second.
    """

    samples: npt.NDArray[np.float32] = field(repr=False)
    rate: int = _RATE

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


def can_read() -> bool:
    """Whether audio files can be read here."""
    return find_spec("av") is not None


def read_clip(path: Path) -> Clip:
    """Read an audio file, or the sound of a film; see `reading`."""
    *_progress, clip = reading(path)
    assert isinstance(clip, Clip)  # noqa: S101 - it is the last that comes
    return clip


def reading(path: Path) -> Iterator[float | Clip]:
    """Read an audio file, or the sound of a film: how far that is, 0 to 1, now and then, and the clip at the end.

    Raises:
        AnimationError: PyAV is not installed; the file is gone, broken, has no sound, or is longer than an hour.
    """
    if not can_read():
        raise AnimationError(path.name, "sound needs PyAV, which is not installed", "pip install 'ganstudio[animate]'")
    import av

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise AnimationError(path, "there is no sound in it", "choose an audio file")
            frames = container.decode(container.streams.audio[0])
            wanted = (container.duration or 0) / av.time_base * _RATE
            parts, count = [], 0
            for part in _resampled(frames, av.AudioResampler("fltp", None, _RATE)):
                parts.append(part)
                count += len(part)
                if len(parts) % _TELL_EVERY == 0:
                    yield min(count / wanted, 1.0) if wanted > 0 else 0.0
    except (av.FFmpegError, OSError, ValueError) as error:
        raise AnimationError(path, f"it cannot be read as sound ({error})", "choose another file") from error
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    if not len(samples):
        raise AnimationError(path, "there is no sound in it", "choose an audio file")
    np.nan_to_num(samples, copy=False)
    yield Clip(np.clip(samples, -1, 1, out=samples))


def _resampled(frames: Iterator["AudioFrame"], resampler: "AudioResampler") -> Iterator[npt.NDArray[np.float32]]:
    """The mean of all channels at the common rate, piece by piece; refuses what is too long."""
    left = MOST_SECONDS * _RATE
    for frame in chain(frames, [None]):
        for piece in resampler.resample(frame):
            samples = np.asarray(piece.to_ndarray(), np.float32).mean(0)
            left -= len(samples)
            if left < 0:
                reason = f"it is longer than {MOST_SECONDS // 60} minutes"
                raise AnimationError("sound", reason, "cut the part that you want first")
            yield samples
