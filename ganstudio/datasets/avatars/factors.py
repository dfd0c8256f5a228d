"""What varies between avatars, and how values are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FactorArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Factor:
    """One thing that varies, from `low` to `high`, drawn evenly between them; a binary one is either end."""

    name: str
    title: str
    low: float
    high: float
    help: str
    binary: bool = False


FACTORS: tuple[Factor, ...] = (
    Factor("smile", "Smile", -1.0, 1.0, "corners of the mouth from down to up"),
    Factor("mouth_open", "Mouth open", 0.0, 1.0, "from closed lips to a laugh that shows teeth"),
    Factor("glasses", "Glasses", 0.0, 1.0, "worn or not", binary=True),
    Factor("hair_colour", "Hair colour", 0.0, 1.0, "black, brown, red, blond, silver"),
    Factor("hair_length", "Hair length", 0.0, 1.0, "from a crop to below the shoulders"),
    Factor("skin_tone", "Skin tone", 0.0, 1.0, "from dark to fair"),
    Factor("background_hue", "Background colour", 0.0, 1.0, "sand, green, teal, blue, violet, rose"),
    Factor("background_light", "Background light", 0.0, 1.0, "from dusk to bright"),
    Factor("face_width", "Face width", 0.0, 1.0, "from narrow to broad"),
    Factor("eye_size", "Eye size", 0.0, 1.0, "from small to large"),
    Factor("eye_colour", "Eye colour", 0.0, 1.0, "brown, hazel, green, blue"),
    Factor("brow_angle", "Brows", -1.0, 1.0, "from worried (inner ends up) to stern (inner ends down)"),
    Factor("age", "Age marks", 0.0, 1.0, "lines on forehead, cheeks and around the eyes"),
    Factor("beard", "Beard", 0.0, 1.0, "from clean-shaven through stubble to full; half of all have none"),
    Factor("clothes_colour", "Clothes colour", 0.0, 1.0, "navy, plum, brick, mustard, moss"),
)

FACTOR_NAMES: tuple[str, ...] = tuple(factor.name for factor in FACTORS)


def sample_factors(seed: int, index: int) -> FactorArray:
    """Draw the factor values `(F,)` of one avatar; a function of seed and index alone."""
    random = np.random.default_rng(np.random.SeedSequence([seed, index]))
    even = random.random(len(FACTORS), dtype=np.float64)
    values = [_scale(factor, value) for factor, value in zip(FACTORS, even, strict=True)]
    values[FACTOR_NAMES.index("beard")] = max(0.0, 2 * values[FACTOR_NAMES.index("beard")] - 1)
    return np.array(values, dtype=np.float32)


def check_factors(values: npt.NDArray[np.floating] | Sequence[Sequence[float]]) -> FactorArray:
    """Return values `(N, F)` as float32, each clipped to its factor's range.

    Raises:
        ValueError: Another shape, or a value that is no number.
    """
    array = np.asarray(values, dtype=np.float32)
    if array.ndim != 2 or array.shape[1] != len(FACTORS):
        raise ValueError(f"factors must have the shape (N, {len(FACTORS)}), not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError("factors must be finite numbers")
    low = np.array([factor.low for factor in FACTORS], np.float32)
    high = np.array([factor.high for factor in FACTORS], np.float32)
    return np.clip(array, low, high)


def _scale(factor: Factor, even: float) -> float:
    if factor.binary:
        return factor.high if even >= 0.5 else factor.low
    return factor.low + (factor.high - factor.low) * even
