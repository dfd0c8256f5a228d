"""Style channels by where they change the picture: much in a painted region, and little elsewhere.

Source: Wu et al. 2021 (StyleSpace analysis), section 4 (localised channels by gradient maps); Hutchinson 1989 for the
energy of all gradients at once by random signs.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.latent.channels import ChannelRank, styles_of
from ganstudio.networks.base import MappedGenerator

PROBES = 8


@dataclass(frozen=True)
class RegionRank:
    """One style channel and what it does to a region.

    Attributes:
        channel: Which channel; its `separation` is how telling it is for the region, its `shift` 0.
        inside: Mean size of a pixel's change in the region when the style moves by one deviation.
        locality: Share of its whole change per pixel that is inside, 0 to 1; 0.5 is the same everywhere.
    """

    channel: ChannelRank
    inside: float
    locality: float


def rank_channels_by_region(
    generator: MappedGenerator, w_plus: Tensor, region: Tensor, cloud: Tensor, count: int = 20, probes: int = PROBES
) -> tuple[RegionRank, ...]:
    """Rank style channels by `inside * locality`.

    Args:
        generator: In evaluation mode.
        w_plus: The picture that the region was painted on, or several `(N, num_ws, w_dim)`.
        region: bool `(H, W)` of the picture's size.
        cloud: Many random w `(M, w_dim)`, which say what a deviation of each style is.
        count: How many to give.
        probes: Random signs to take the energy by; more is steadier and slower.

    Returns:
        The best first.

    Raises:
        ValueError: An empty or full region, one of another size, a family that does not tell where w enters.
    """
    parts = generator.modulations()
    _check(generator, region, bool(parts))
    energies = _energies(generator, w_plus, region.to(w_plus.device), probes)
    ranked = []
    for number, (part, (inside, outside)) in enumerate(zip(parts, energies, strict=True)):
        deviation = styles_of(part, cloud).std(0, correction=0).to(inside)
        within, beyond = inside.sqrt() * deviation, outside.sqrt() * deviation
        locality = within / (within + beyond).clamp_min(1e-30)
        for channel in (within * locality).argsort(descending=True, stable=True)[:count].tolist():
            size, share = float(within[channel]), float(locality[channel])
            rank = ChannelRank(part.name, number, channel, size * share, 0.0, part.colours)
            ranked.append(RegionRank(rank, size, share))
    return tuple(sorted(ranked, key=lambda item: -item.channel.separation)[:count])


def _energies(generator: MappedGenerator, w_plus: Tensor, region: Tensor, probes: int) -> list[tuple[Tensor, Tensor]]:
    """For each layer the mean square of a pixel's slope by each style `(C,)`, inside and outside of the region."""
    parts = generator.modulations()
    changes = [torch.zeros_like(part.bias, requires_grad=True) for part in parts]
    hooks = [
        part.layer.register_forward_hook(lambda _layer, _inputs, styles, change=change: styles + change)
        for part, change in zip(parts, changes, strict=True)
    ]
    sums = [(torch.zeros_like(part.bias), torch.zeros_like(part.bias)) for part in parts]
    random = torch.Generator().manual_seed(0)
    try:
        with torch.inference_mode(mode=False), torch.enable_grad():
            for picture in w_plus.clone():
                image = generator.synthesise(picture[None])
                for _ in range(probes):
                    signs = torch.randint(0, 2, image.shape, generator=random).to(image) * 2 - 1
                    for place, mask in enumerate((region, ~region)):
                        probe = (image * signs * mask).sum() / (mask.sum() * image.shape[1]).sqrt()
                        slopes = torch.autograd.grad(probe, changes, retain_graph=True)
                        for total, slope in zip(sums, slopes, strict=True):
                            total[place].add_(slope.square())
    finally:
        for hook in hooks:
            hook.remove()
    return [(inside / (len(w_plus) * probes), outside / (len(w_plus) * probes)) for inside, outside in sums]


def _check(generator: MappedGenerator, region: Tensor, is_telling: bool) -> None:
    if not is_telling:
        raise ValueError("this family does not tell where w enters; rank directions instead")
    size = generator.spec.resolution
    if region.shape != (size, size) or region.dtype != torch.bool:
        raise ValueError(f"the region is of {tuple(region.shape)}, the picture of {size} x {size}")
    if not bool(region.any()) or bool(region.all()):
        raise ValueError("the region is empty or the whole picture; paint a part of it")
