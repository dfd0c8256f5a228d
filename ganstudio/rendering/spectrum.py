"""Which frequencies a picture or feature map holds: power spectra relative to white noise.

White noise is 0 dB at every frequency, whatever its strength, so that curves of different layers can be laid over each
other: power is divided by what white noise of the same variance has. The mean of a picture is left out.

Source: Durall et al. 2020 (azimuthal average of the spectra of generated pictures), section 3.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

FLOOR_DB = -100.0  # of what holds nothing at a frequency

Floats = npt.NDArray[np.float32]


def relative_power(picture: npt.NDArray[Any]) -> Floats:
    """The power `(H, W)` of a picture `(H, W)` at each frequency, over that of white noise of the same variance.

    Its mean is 1 (Parseval), or 0 for a picture of one value. Frequencies are in the order of `numpy.fft.fft2`;
    `numpy.fft.fftshift` puts frequency 0 into the middle. There is no window: edges that do not fit together show.
    """
    values = np.asarray(picture, np.float32)
    values = values - values.mean()
    variance = float(np.square(values, dtype=np.float64).mean())
    if not variance > 0:
        return np.zeros_like(values)
    height, width = values.shape
    half = np.fft.rfft2(values)
    power = (np.square(half.real) + np.square(half.imag)) / np.float32(height * width * variance)
    full = np.empty((height, width), np.float32)
    known = power.shape[1]
    full[:, :known] = power
    full[0, known:] = power[0, width - known : 0 : -1]  # a real picture has the same power at f and -f
    full[1:, known:] = power[:0:-1, width - known : 0 : -1]
    return full


def radial_average(power: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Average power `(H, W)`, ordered as by `relative_power`, over all directions.

    Returns:
        Frequencies in cycles per pixel, ascending, without 0 and up to 0.5, and the mean power at each. The corners,
        which hold yet higher frequencies in some directions only, are left out.
    """
    rings, counts = _rings(*power.shape)
    sums = np.bincount(rings, power.ravel(), minlength=len(counts))
    last = max(power.shape) // 2
    frequencies = np.arange(1, last + 1, dtype=np.float32) / max(power.shape)
    means = sums[1 : last + 1] / np.maximum(counts[1 : last + 1], 1)
    return frequencies, means.astype(np.float32)


def to_decibels(power: npt.NDArray[Any]) -> Floats:
    """Ten times the decadic logarithm of power, at least `FLOOR_DB`."""
    smallest = 10 ** (FLOOR_DB / 10)
    decibels: Floats = (10 * np.log10(np.maximum(power, smallest))).astype(np.float32)
    return decibels


@lru_cache(maxsize=16)
def _rings(height: int, width: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The number of each frequency's ring, `(height * width,)`, and how many frequencies each ring holds."""
    size = max(height, width)
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :]) * size
    rings = np.minimum(np.rint(radius).astype(np.intp), size // 2 + 1).ravel()
    return rings, np.bincount(rings, minlength=size // 2 + 2)
