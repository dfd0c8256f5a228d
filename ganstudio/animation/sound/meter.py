"""A sound measured while it comes in: loudness, three bands and onsets of the last moment."""

import math

import numpy as np
import numpy.typing as npt

from ganstudio.animation.sound.features import BANDS, Source

LIVE_SOURCES: tuple[Source, ...] = ("level", "low", "middle", "high", "onset")
_WINDOW = 1024  # samples
_RANGE_DB = 60.0
_FAINTEST = 1e-3  # a reference no lower than this: the noise of a quiet room is not made loud
_FORGETTING_S = 8.0  # in which the loudest of before counts half
_ONSET_FALL_S = 0.1


class LiveMeter:
    """Keeps the last samples, and what is heard in them.

    Loudness and bands are on a scale of decibels, 1 at the loudest of late and 0 at 60 dB below.

    Args:
        rate: Samples a second.

    Attributes:
        values: 0 to 1 for each of `LIVE_SOURCES`.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._last = np.zeros(_WINDOW, np.float64)
        self._window = np.hanning(_WINDOW)
        frequencies = np.fft.rfftfreq(_WINDOW, 1 / rate)
        self._inside = {name: (frequencies >= low) & (frequencies < high) for name, (low, high) in BANDS.items()}
        self._loudest = dict.fromkeys(LIVE_SOURCES, _FAINTEST)
        self._before = np.zeros(len(frequencies))
        self.values: dict[Source, float] = dict.fromkeys(LIVE_SOURCES, 0.0)

    def feed(self, samples: npt.NDArray[np.float32]) -> None:
        """Hear some more samples `(N,)` in [-1, 1]; those that are not finite are silence."""
        if not len(samples):
            return
        new = np.nan_to_num(np.asarray(samples[-_WINDOW:], np.float64), posinf=0.0, neginf=0.0).clip(-1, 1)
        self._last = np.concatenate([self._last[len(new) :], new])
        seconds = len(samples) / self._rate
        spectrum = np.abs(np.fft.rfft(self._last * self._window)) / _WINDOW
        forgetting = 0.5 ** (seconds / _FORGETTING_S)
        self._measure("level", float(np.sqrt(np.square(spectrum).sum())), forgetting)
        for name, inside in self._inside.items():
            self._measure(name, float(np.sqrt(np.square(spectrum[inside]).sum())), forgetting)
        self._measure_onset(spectrum, seconds, forgetting)

    def _measure(self, name: Source, strength: float, forgetting: float) -> None:
        loudest = max(strength, self._loudest[name] * forgetting, _FAINTEST)
        self._loudest[name] = loudest
        decibels = 20 * math.log10(max(strength / loudest, 1e-6))
        self.values[name] = min(max(1 + decibels / _RANGE_DB, 0.0), 1.0)

    def _measure_onset(self, spectrum: npt.NDArray[np.float64], seconds: float, forgetting: float) -> None:
        compressed = np.log1p(1000 * spectrum)
        growth = float(np.maximum(compressed - self._before, 0).sum())
        self._before = compressed
        loudest = max(growth, self._loudest["onset"] * forgetting, 1.0)
        self._loudest["onset"] = loudest
        fallen = self.values["onset"] * math.exp(-seconds / _ONSET_FALL_S)
        self.values["onset"] = max(growth / loudest if growth > loudest / 2 else 0.0, fallen)
