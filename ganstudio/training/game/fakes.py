"""Pictures that a generator draws while it is trained: with mixed styles and fresh noise where it has them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.networks.base import Generator, MappedGenerator


@dataclass(frozen=True)
class Fakes:
    """Generated pictures.

    Attributes:
        images: `(N, C, H, W)`.
        z: The latents `(N, z_dim)` of their coarse layers.
        w_plus: What they were drawn of, `(N, num_ws, w_dim)`; None for a generator without a mapping network.
    """

    images: Tensor
    z: Tensor
    w_plus: Tensor | None = None


def draw_fakes(
    generator: Generator, count: int, labels: Tensor | None, mixing: float, random: torch.Generator
) -> Fakes:
    """Draw pictures as a generator in training does.

    Args:
        generator: In training mode.
        count: N.
        labels: int64 `(N,)`, or None for a generator without classes.
        mixing: Share of pictures whose layers take two latents.
        random: Draws latents, noise, and where styles change; on the generator's device.
    """
    z = draw_latents(generator, count, random)
    if not isinstance(generator, MappedGenerator):
        return Fakes(generator(z, labels), z)
    if mixing > 0:
        both = torch.cat([z, draw_latents(generator, count, random)])
        coarse, fine = generator.map(both, None if labels is None else labels.repeat(2)).chunk(2)
        w_plus = mix_styles(coarse, fine, mixing, random)
    else:
        w_plus = generator.map(z, labels)
    return Fakes(generator.synthesise_anew(w_plus, random), z, w_plus)


def draw_latents(generator: Generator, count: int, random: torch.Generator) -> Tensor:
    """Draw z `(count, z_dim)` from N(0, 1)."""
    return torch.randn(count, generator.spec.z_dim, generator=random, device=random.device)


def mix_styles(coarse: Tensor, fine: Tensor, share: float, random: torch.Generator) -> Tensor:
    """Take the first w of each picture from `coarse` and the others from `fine`, with the change at a random layer.

    Args:
        coarse: `(N, num_ws, w_dim)`.
        fine: `(N, num_ws, w_dim)`.
        share: Of the pictures; the others keep `coarse` throughout.
        random: Draws which, and the layers.

    Source: Karras et al. 2019, section 3.1.
    """
    count, num_ws, _ = coarse.shape
    drawn = torch.rand(2, count, 1, 1, generator=random, device=coarse.device)
    change = 1 + (drawn[0] * (num_ws - 1)).floor()  # at least one layer of each
    layers = torch.arange(num_ws, device=coarse.device)[None, :, None]
    return torch.where((drawn[1] < share) & (layers >= change), fine, coarse)
