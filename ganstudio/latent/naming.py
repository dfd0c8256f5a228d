"""What an unnamed direction may be called: that which goes along with it in pictures of which something is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

_FEWEST = 20  # latents of which something is known
_FAINT = 0.25  # smaller correlations are nobody's name


@dataclass(frozen=True)
class Suggestion:
    """A name, and how sure it is.

    Attributes:
        title: What it is called where it rises, "Less ..." where it falls.
        correlation: Between the place along the direction and what is known, -1 to 1, over random latents.
    """

    title: str
    correlation: float

    def __str__(self) -> str:
        return f"{self.title} (r {abs(self.correlation):.2f})"


def suggest_name(step: Tensor, latents: Tensor, values: Tensor, titles: Sequence[str]) -> Suggestion | None:
    """Find the attribute that goes along with a direction most.

    Args:
        step: `(D,)`.
        latents: Random ones `(N, D)`.
        values: What is known of their pictures `(N, F)`; NaN where nothing is.
        titles: F names.

    Returns:
        None where nothing goes along with it noticeably.
    """
    places = latents.double() @ step.double()
    best: Suggestion | None = None
    for column, title in zip(values.double().T, titles, strict=True):
        found = _correlation(places, column)
        if abs(found) >= _FAINT and (best is None or abs(found) > abs(best.correlation)):
            best = Suggestion(title if found > 0 else f"Less {title[:1].lower()}{title[1:]}", found)
    return best


def suggest_by_others(step: Tensor, latents: Tensor, others: Mapping[str, Tensor]) -> Suggestion | None:
    """Find the named direction that leads the same way, as far as random latents `(N, D)` differ along both.

    Args:
        step: `(D,)`.
        latents: Random ones.
        others: Steps `(D,)` by what people call them.
    """
    if not others:
        return None
    values = latents.double() @ torch.stack([other.double() for other in others.values()]).T
    return suggest_name(step, latents, values, list(others))


def _correlation(places: Tensor, values: Tensor) -> float:
    known = values.isfinite()
    if int(known.sum()) < _FEWEST:
        return 0.0
    first, second = places[known] - places[known].mean(), values[known] - values[known].mean()
    sizes = float(first.norm() * second.norm())
    return float(first @ second) / sizes if sizes > 0 else 0.0
