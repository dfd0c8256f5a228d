"""What a direction does: how far a step moves each factor, what else it changes, whether it keeps its course.

All changes are in units of each factor's own deviation, so that they can be compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Read = Callable[[Tensor], Tensor]
"""Latents `(N, D)` to factor values `(N, F)`, in units of each factor's deviation (in the data, where known)."""
Move = Callable[[Tensor, float], Tensor]
"""Latents `(N, D)` and a strength to the latents that the slider makes of them."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What a slider does to random pictures.

    Attributes:
        strengths: `(S,)`, rising; the first and the last are the slider's ends.
        means: Mean values of all factors at each, `(S, F)`.
        spans: Mean size of the change of each picture's factors from one end to the other, `(F,)`: ups and downs of
            different pictures do not cancel here.
    """

    strengths: Tensor
    means: Tensor
    spans: Tensor

    def change(self) -> Tensor:
        """Mean change of all factors from end to end, `(F,)`."""
        return self.means[-1] - self.means[0]

    def rate(self) -> Tensor:
        """Mean change of all factors that one unit of strength makes, `(F,)`: the slope of the best straight line."""
        centred = self.strengths - self.strengths.mean()
        slope: Tensor = centred @ (self.means - self.means.mean(0)) / centred.square().sum()
        return slope

    def main_factor(self) -> int:
        """The factor that moves furthest."""
        return int(self.change().abs().argmax())

    def entanglement(self, factor: int) -> float:
        """Mean size of the other factors' changes, picture by picture, over the mean change of the wanted one.

        0 changes nothing else; infinite where the wanted factor does not move.
        """
        wanted = float(self.change()[factor].abs())
        others = torch.cat([self.spans[:factor], self.spans[factor + 1 :]])
        if not len(others):
            return 0.0
        return float(others.mean()) / wanted if wanted > 0 else float("inf")

    def drift(self, factor: int) -> float:
        """The same of the mean changes: what the slider does to the others on the whole, ups and downs cancelled."""
        changes = self.change().abs()
        others = torch.cat([changes[:factor], changes[factor + 1 :]])
        if not len(others):
            return 0.0
        return float(others.mean() / changes[factor]) if float(changes[factor]) > 0 else float("inf")

    def is_monotone(self, factor: int, slack: float = 0.0) -> bool:
        """Whether the mean of a factor goes one way from end to end.

        Args:
            factor: Which.
            slack: Steps back of less than this share of the whole change are let pass.
        """
        steps = self.means[1:, factor] - self.means[:-1, factor]
        whole = float(self.change()[factor])
        return whole != 0 and bool((steps * (1 if whole > 0 else -1) > -slack * abs(whole)).all())


@torch.no_grad()
def measure_effect(read: Read, move: Move, latents: Tensor, strengths: Sequence[float]) -> Effect:
    """Move random latents by all strengths of a slider and read what comes of it.

    Args:
        read: Reads factors off what latents make.
        move: What the slider does.
        latents: `(N, D)`.
        strengths: At least two, rising.

    Raises:
        ValueError: Too few strengths or not rising, no latents, or readings that are not finite.
    """
    places = torch.tensor(list(strengths), dtype=torch.float64)
    if len(places) < 2 or not bool((places[1:] > places[:-1]).all()):
        raise ValueError("give at least two strengths, the lower one first")
    if not len(latents):
        raise ValueError("there are no latents to move")
    readings = torch.stack([read(move(latents, float(place))).double() for place in places])
    if not readings.isfinite().all():
        raise ValueError("what was read is not finite")
    return Effect(places, readings.mean(1), (readings[-1] - readings[0]).abs().mean(0))


def change_matrix(effects: Sequence[Effect]) -> Tensor:
    """Mean changes by one unit of strength, sliders x factors `(K, F)`."""
    return torch.stack([effect.rate() for effect in effects])


def along(step: Tensor) -> Move:
    """The slider of a direction: latents plus strength times step `(D,)`."""
    return lambda latents, strength: latents + strength * step.to(latents)


def change_by_region(before: Tensor, after: Tensor, cells: int = 8) -> Tensor:
    """Where pictures change: mean difference of colours in each cell of a grid, `(cells, cells)`, for lack of factors.

    Args:
        before: `(N, C, H, W)`.
        after: The same pictures after a step.
        cells: Rows and columns of the grid.

    Raises:
        ValueError: Shapes that differ.
    """
    if before.shape != after.shape:
        raise ValueError(f"pictures of {tuple(before.shape)} and {tuple(after.shape)} cannot be compared")
    difference = (after - before).abs().mean(dim=1, keepdim=True)
    return torch.nn.functional.adaptive_avg_pool2d(difference, cells).mean(dim=(0, 1))
