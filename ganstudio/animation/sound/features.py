"""What of a sound can move a picture: loudness, three bands, onsets and beats, one value each for every frame."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ganstudio.animation.sound.clip import Clip

Source = Literal["level", "low", "middle", "high", "onset", "beat"]
SOURCES: tuple[Source, ...] = get_args(Source)
_WINDOW, _HOP = 2048, 512
_AT_ONCE = 256  # hops
BANDS: dict[Source, tuple[float, float]] = {  # hertz
    "low": (20.0, 200.0),
    "middle": (200.0, 2000.0),
    "high": (2000.0, 16000.0),
}
_TEMPO_RANGE = (50.0, 210.0)  # beats a minute
_USUAL_TEMPO = 120.0
_TIGHTNESS = 100.0  # how strongly beats keep to the tempo (Ellis 2007)
_FAINT = 0.05  # of the strongest onset
_FALL_S = 0.12  # how long a beat is seen

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SoundFeatures:
    """A sound measured at the frames of an animation.

    Attributes:
        values: For each source, a value from 0 to 1 for each frame `(F,)`.
        beats: Seconds at which beats are.
        tempo: Beats a minute; 0 where none was found.
        onsets: Seconds at which something begins to sound.
    """

    values: dict[Source, Floats] = field(repr=False)
    beats: tuple[float, ...]
    tempo: float
    onsets: tuple[float, ...]

    def at(self, source: Source, frame: float) -> float:
        """The value at a frame, whole or in between; 0 beyond the sound."""
        track = self.values[source]
        if not 0 <= frame <= len(track) - 1:
            return 0.0
        before = int(frame)
        after = min(before + 1, len(track) - 1)
        return float(track[before] + (frame - before) * (track[after] - track[before]))


def measure(clip: Clip, fps: float) -> SoundFeatures:
    """Measure a sound; see `measuring`."""
    *_progress, features = measuring(clip, fps)
    assert isinstance(features, SoundFeatures)  # noqa: S101 - it is the last that comes
    return features


def measuring(clip: Clip, fps: float) -> Iterator[float | SoundFeatures]:
    """Measure a sound: how far that is, 0 to 1, now and then, and the features at the end.

    Loudness and bands are root mean squares on a scale of decibels, 0 at 60 dB below the loudest moment; onsets are the
    growth of the spectrum (spectral flux; Bello et al. 2005); beats are found by dynamic programming (Ellis 2007).

    Args:
        clip: The sound.
        fps: Frames a second of the animation.
    """
    count = max(1, len(clip.samples) // _HOP)
    hops = np.arange(count) * _HOP / clip.rate
    loudness: dict[Source, Floats] = {name: np.empty(count) for name in ("level", *BANDS)}
    growth, before = np.zeros(count), None
    for start, spectra in _spectra(clip.samples, count):
        here = slice(start, start + len(spectra))
        for name, track in loudness.items():
            track[here] = _strength(spectra, name, clip.rate)
        compressed = np.log1p(1000 * spectra)
        rows = np.concatenate([compressed[:1] if before is None else before, compressed])
        growth[here] = np.maximum(np.diff(rows, axis=0), 0).sum(1)
        before = compressed[-1:]
        yield start / count
    tracks = {name: _decibels(track) for name, track in loudness.items()}
    flux = _flux(growth)
    tracks["onset"] = flux
    tempo, beats = _find_beats(flux, clip.rate / _HOP)
    beat_times = tuple(float(hops[beat]) for beat in beats)
    tracks["beat"] = _pulses(hops, beat_times)
    frames = np.arange(max(1, int(np.ceil(clip.seconds * fps)))) / fps
    values = {source: np.interp(frames, hops, track) for source, track in tracks.items()}
    yield SoundFeatures(values, beat_times, tempo, tuple(float(hops[peak]) for peak in _peaks(flux)))


def waveform(clip: Clip, columns: int) -> npt.NDArray[np.float32]:
    """Lowest and highest sample of equal pieces of a clip, float32 `(columns, 2)`, to be drawn."""
    edges = np.linspace(0, len(clip.samples), columns + 1).astype(np.int64)
    starts = np.minimum(edges[:-1], len(clip.samples) - 1)
    lows, highs = np.minimum.reduceat(clip.samples, starts), np.maximum.reduceat(clip.samples, starts)
    return np.stack([lows, highs], axis=1).astype(np.float32)


def _spectra(samples: npt.NDArray[np.float32], count: int) -> Iterator[tuple[int, Floats]]:
    """Magnitudes `(hops, bins)` with the number of their first, each hop in the middle of its window.

    Some at a time, so that an hour of sound does not fill the memory.
    """
    window = np.hanning(_WINDOW)
    places = np.arange(_AT_ONCE)[:, None] * _HOP + np.arange(_WINDOW)
    length = (_AT_ONCE - 1) * _HOP + _WINDOW
    for start in range(0, count, _AT_ONCE):
        first = start * _HOP - _WINDOW // 2
        piece = samples[max(first, 0) : first + length].astype(np.float64)
        left = max(-first, 0)
        padded = np.pad(piece, (left, length - left - len(piece)))
        hops = min(_AT_ONCE, count - start)
        yield start, np.abs(np.fft.rfft(padded[places[:hops]] * window, axis=1)) / _WINDOW


def _strength(spectra: Floats, name: Source, rate: int) -> Floats:
    """The root of the energy of each hop, in a band or ("level") in all."""
    if name in BANDS:
        frequencies = np.fft.rfftfreq(_WINDOW, 1 / rate)
        low, high = BANDS[name]
        spectra = spectra[:, (frequencies >= low) & (frequencies < high)]
    strength: Floats = np.sqrt(np.square(spectra).sum(1))
    return strength


def _decibels(values: Floats) -> Floats:
    highest = values.max(initial=0.0)
    if highest < 1e-6:
        return np.zeros_like(values)
    decibels: Floats = 20 * np.log10(np.maximum(values / highest, 1e-6))
    return np.clip(1 + decibels / 60, 0, 1)


def _flux(growth: Floats) -> Floats:
    """How much the spectrum grows from hop to hop, 0 to 1, above its mean of half a second round about."""
    width = min(43, len(growth))
    around = np.convolve(growth, np.ones(width) / width, mode="same")
    above = np.maximum(growth - around, 0)
    highest = above.max(initial=0.0)
    return above / highest if highest > 1e-9 else np.zeros_like(above)


def _peaks(flux: Floats, threshold: float = 0.15) -> npt.NDArray[np.int64]:
    """Hops that are higher than their neighbours and than a threshold."""
    if len(flux) < 3:
        return np.zeros(0, np.int64)
    inner = flux[1:-1]
    is_peak = (inner > flux[:-2]) & (inner >= flux[2:]) & (inner > threshold)
    peaks: npt.NDArray[np.int64] = np.flatnonzero(is_peak) + 1
    return peaks


def _find_beats(flux: Floats, rate: float) -> tuple[float, list[int]]:
    """The tempo in beats a minute and the hops of the beats; (0, []) where nothing repeats.

    Source: Ellis 2007 (Beat Tracking by Dynamic Programming): the tempo by the autocorrelation of the onsets, weighted
    towards the usual one; beats by the best sequence of onsets that keeps to it.
    """
    lags = np.arange(1, len(flux))
    tempi = 60 * rate / lags
    lags = lags[(tempi >= _TEMPO_RANGE[0]) & (tempi <= _TEMPO_RANGE[1])]
    if not len(lags) or flux.max(initial=0.0) <= 0:
        return 0.0, []
    correlation = np.array([(flux[lag:] * flux[:-lag]).sum() for lag in lags])
    weights = np.exp(-0.5 * np.square(np.log2(60 * rate / lags / _USUAL_TEMPO)))
    if correlation.max() <= 0:
        return 0.0, []
    period = int(lags[np.argmax(correlation * weights)])
    return 60 * rate / period, _best_sequence(flux, period)


def _best_sequence(flux: Floats, period: int) -> list[int]:
    """The hops whose onsets are strongest and whose distances are closest to the period."""
    scores, before = flux.copy(), np.full(len(flux), -1)
    steps = np.arange(-2 * period, -period // 2 + 1)
    costs = -_TIGHTNESS * np.square(np.log(-steps / period))
    for hop in range(len(flux)):
        places = hop + steps
        known = places >= 0
        if known.any():
            totals = scores[places[known]] + costs[known] * flux.std()
            best = int(np.argmax(totals))
            if totals[best] > 0:
                scores[hop] = flux[hop] + totals[best]
                before[hop] = places[known][best]
    beats = [int(np.argmax(scores))]
    while before[beats[-1]] >= 0:
        beats.append(int(before[beats[-1]]))
    return _without_silent_ends(beats[::-1], flux)


def _without_silent_ends(beats: list[int], flux: Floats) -> list[int]:
    """The beats from the first to the last at which something sounds: the sequence would go on into silence."""
    heard = [place for place, beat in enumerate(beats) if flux[max(0, beat - 3) : beat + 4].max() > _FAINT]
    return beats[heard[0] : heard[-1] + 1] if heard else []


def _pulses(hops: Floats, beats: tuple[float, ...]) -> Floats:
    """1 at each beat, falling off after it."""
    if not beats:
        return np.zeros_like(hops)
    last = np.searchsorted(beats, hops, side="right") - 1
    since = hops - np.asarray(beats)[np.maximum(last, 0)]
    pulses: Floats = np.where(last >= 0, np.exp(-np.maximum(since, 0) / _FALL_S), 0)
    return pulses
