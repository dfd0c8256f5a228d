"""Low-pass filters of the alias-free generators, by closed formulas in double precision; free of torch.

Source: Karras et al. 2021, appendix C.1 (Kaiser windows) and C.2 (radially symmetric filters).
"""

import math

import numpy as np
import numpy.typing as npt

from ganstudio.networks.alias_free.schedule import LayerPlan

Numbers = npt.NDArray[np.float64]


def upsampling_filter(plan: LayerPlan) -> npt.NDArray[np.float32] | None:
    """Design a layer's upsampling filter `(taps,)`, None where it does not upsample."""
    if plan.up_taps == 1:
        return None
    band = plan.source
    return kaiser_lowpass(plan.up_taps, band.cutoff, 2 * band.half_width, plan.inner_rate).astype(np.float32)


def downsampling_filter(plan: LayerPlan) -> npt.NDArray[np.float32] | None:
    """Design a layer's downsampling filter, `(taps,)` or radial `(taps, taps)`, None where it does not downsample."""
    if plan.down_taps == 1:
        return None
    band = plan.target
    design = radial_lowpass if plan.radial else kaiser_lowpass
    return design(plan.down_taps, band.cutoff, 2 * band.half_width, plan.inner_rate).astype(np.float32)


def kaiser_lowpass(taps: int, cutoff: float, width: float, rate: float) -> Numbers:
    """Design a windowed-sinc low-pass filter `(taps,)` of sum 1.

    Args:
        taps: Its length.
        cutoff: Frequency where it has fallen to a half.
        width: Of the transition band.
        rate: Samples per unit; the frequencies are in cycles per unit.
    """
    place = np.arange(taps) - (taps - 1) / 2
    values = np.sinc(2 * cutoff / rate * place) * _window(taps, width, rate)
    return np.asarray(values / values.sum())


def radial_lowpass(taps: int, cutoff: float, width: float, rate: float) -> Numbers:
    """Design a radially symmetric low-pass filter `(taps, taps)` of sum 1; arguments as for `kaiser_lowpass`.

    It is the jinc, the Fourier transform of a disc of radius `cutoff`, under a separable Kaiser window.
    """
    place = (np.arange(taps) - (taps - 1) / 2) / rate
    radius = np.hypot(place[:, None], place[None, :])
    turns = 2 * np.pi * cutoff * radius
    jinc = np.full_like(radius, cutoff**2 * np.pi)  # the limit in the middle, where an odd filter has a tap
    np.divide(bessel_j1(turns) * cutoff, radius, out=jinc, where=radius > 0)
    window = _window(taps, width, rate)
    values = jinc * np.outer(window, window)
    return np.asarray(values / values.sum())


def bessel_j1(x: npt.ArrayLike) -> Numbers:
    """Evaluate the Bessel function of the first kind and order one, to about 1e-15.

    Bessel's integral, J1(x) = 1/2π ∫ cos(t - x sin t) dt over a full turn; the trapezoidal rule on a smooth periodic
    integrand errs by J_n(x) for n of the order of the number of points, which is nothing once that exceeds |x| by far.

    Source: Abramowitz & Stegun 1964, 9.1.21; Trefethen & Weideman 2014 for the rule.
    """
    values = np.asarray(x, np.float64)
    points = 2 * int(np.abs(values).max(initial=0.0)) + 64
    angles = 2 * np.pi * np.arange(points) / points
    return np.asarray(np.cos(angles - values[..., None] * np.sin(angles)).mean(axis=-1))


def _window(taps: int, width: float, rate: float) -> Numbers:
    """Return the Kaiser window whose filter falls over `width`."""
    return np.kaiser(taps, kaiser_beta(attenuation(taps, width, rate)))


def kaiser_beta(decibels: float) -> float:
    """Return the shape parameter of the Kaiser window for an attenuation in dB.

    Source: Oppenheim & Schafer, Discrete-Time Signal Processing, section 7.5.3.
    """
    if decibels > 50:
        return 0.1102 * (decibels - 8.7)
    if decibels > 21:
        return float(0.5842 * (decibels - 21) ** 0.4 + 0.07886 * (decibels - 21))
    return 0.0


def attenuation(taps: int, width: float, rate: float) -> float:
    """Return by how many dB a Kaiser filter of so many taps attenuates beyond its transition band; source as above."""
    return 2.285 * (taps - 1) * math.pi * 2 * width / rate + 7.95
