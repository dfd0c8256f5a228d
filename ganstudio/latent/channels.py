"""Style space: which single channels of which layers tell two kinds of pictures apart.

Source: Wu et al. 2021 (StyleSpace analysis), section 5 (attribute-specific channels from few examples).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.networks.base import Generator, MappedGenerator, Modulation


@dataclass(frozen=True)
class ChannelRank:
    """One style channel.

    Attributes:
        layer: Name of its layer.
        number: Which of `generator.modulations()` that is.
        channel: Which of the layer's styles.
        separation: How many deviations the + pictures' mean is from all pictures' mean, over how much they vary: large
            where all + pictures are far to one side.
        shift: Mean of the + pictures less that of the - pictures, in deviations; its sign is the way to go.
        is_colour: Whether the layer makes colours.
    """

    layer: str
    number: int
    channel: int
    separation: float
    shift: float
    is_colour: bool


def style_space(generator: Generator, w: Tensor) -> tuple[Tensor, ...]:
    """The styles float64 of w `(N, w_dim)` in every layer, `(N, C)` each.

    Raises:
        ValueError: The family has no style space or does not tell where w enters.
    """
    parts = generator.modulations() if isinstance(generator, MappedGenerator) else ()
    if not parts:
        raise ValueError("this family has no style space; rank directions instead")
    return tuple(styles_of(part, w) for part in parts)


def styles_of(part: Modulation, w: Tensor) -> Tensor:
    """The styles float64 `(N, C)` that one layer makes of w `(N, w_dim)`."""
    return part.styles(w.to(part.weight)).double()


def rank_channels(
    modulations: Sequence[Modulation], latents: Tensor, positive: Tensor, cloud: Tensor, count: int = 20
) -> tuple[ChannelRank, ...]:
    """Rank the style channels by how well they tell the + pictures from all others.

    Styles are brought to mean 0 and deviation 1 by those of random latents. A channel's separation is
    `|mean of the + pictures - mean of the - pictures| / deviation within the kinds`; without - pictures the mean of the
    cloud stands for theirs. The deviation within is drawn towards 1, as few pictures say little of it.

    Args:
        modulations: Where w enters.
        latents: w of the picks `(N, w_dim)`.
        positive: bool `(N,)`.
        cloud: Many random w `(M, w_dim)`.
        count: How many to give.

    Returns:
        The best first.

    Raises:
        ValueError: No + picks, no layers, shapes that do not fit, or values that are not finite.
    """
    _check(modulations, latents, positive, cloud)
    kinds = [positive, ~positive] if not bool(positive.all()) else [positive]
    ranked = []
    for number, part in enumerate(modulations):
        random = styles_of(part, cloud)
        deviation = random.std(0, correction=0)
        alive = deviation > 1e-9 * random.abs().max().clamp_min(1e-30)
        styles = (styles_of(part, latents) - random.mean(0)) / deviation.clamp_min(1e-30)
        means = [styles[kind].mean(0) for kind in kinds]
        shift = means[0] - (means[1] if len(means) > 1 else torch.zeros_like(means[0]))
        separation = torch.where(alive, shift.abs() / _deviation_within(styles, kinds), torch.zeros_like(shift))
        best = separation.argsort(descending=True, stable=True)[:count].tolist()
        ranked += [
            ChannelRank(part.name, number, channel, float(separation[channel]), float(shift[channel]), part.colours)
            for channel in best
        ]
    return tuple(sorted(ranked, key=lambda item: -item.separation)[:count])


def _deviation_within(styles: Tensor, kinds: Sequence[Tensor]) -> Tensor:
    """The deviation `(C,)` around each kind's own mean, with two pictures' worth of belief that it is 1."""
    scatter = torch.stack([(styles[kind] - styles[kind].mean(0)).square().sum(0) for kind in kinds]).sum(0)
    result: Tensor = ((scatter + 2) / (sum(int(kind.sum()) - 1 for kind in kinds) + 2)).sqrt()
    return result


def _check(modulations: Sequence[Modulation], latents: Tensor, positive: Tensor, cloud: Tensor) -> None:
    if not modulations:
        raise ValueError("this family does not tell where w enters; rank directions instead")
    if latents.ndim != 2 or positive.shape != latents.shape[:1] or positive.dtype != torch.bool:
        raise ValueError(f"latents {tuple(latents.shape)} and picks {tuple(positive.shape)} do not fit together")
    if latents.shape[1] != modulations[0].weight.shape[1] or cloud.shape[1:] != latents.shape[1:]:
        raise ValueError("the latents are not of this model's w")
    if not bool(positive.any()):
        raise ValueError("there are no + picks; mark at least one picture")
    if len(cloud) < 10:
        raise ValueError("at least 10 random latents are needed to know what is usual")
    if not latents.isfinite().all():
        raise ValueError("a pick holds values that are not finite")
