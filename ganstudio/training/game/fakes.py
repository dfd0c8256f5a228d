"""Pictures that a generator draws while it is trained: with mixed styles and fresh noise where it has them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.images import to_convention
from ganstudio.latent.spaces import z_by_law
from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.networks.draws import Draws


@dataclass(frozen=True)
class Fakes:
    """Generated pictures.

    Attributes:
        images: `(N, C, H, W)` in [-1, 1].
        z: The latents `(N, z_dim)` of their coarse layers.
        w_plus: What they were drawn of, `(N, num_ws, w_dim)`; None for a generator without a mapping network.
        mixing: The share of pictures whose layers take two latents.
    """

    images: Tensor
    z: Tensor
    w_plus: Tensor | None = None
    mixing: float = 0.0


def draw_fakes(generator: Generator, count: int, labels: Tensor | None, mixing: float, draws: Draws) -> Fakes:
    """Draw pictures as a generator in training does.

    Args:
        generator: In training mode.
        count: N.
        labels: int64 `(N,)`, or None for a generator without classes.
        mixing: Share of pictures whose layers take two latents.
        draws: Of latents, noise, and where styles change; on the generator's device.
    """
    z = draw_latents(generator, count, draws)
    low, high = generator.spec.output_range
    if not isinstance(generator, MappedGenerator):
        return Fakes(to_convention(generator(z, labels), low, high), z)
    if mixing > 0:
        both = torch.cat([z, draw_latents(generator, count, draws)])
        coarse, fine = _map(generator, both, None if labels is None else labels.repeat(2)).chunk(2)
        w_plus = mix_styles(coarse, fine, mixing, draws)
    else:
        w_plus = _map(generator, z, labels)
    return Fakes(to_convention(generator.synthesise_anew(w_plus, draws), low, high), z, w_plus, mixing)


def _map(generator: MappedGenerator, z: Tensor, labels: Tensor | None) -> Tensor:
    """Map in float32 whatever the synthesis is computed in: it costs little, and errors in w show in all layers."""
    with torch.autocast(z.device.type, enabled=False):
        return generator.map(z, labels)


def draw_latents(generator: Generator, count: int, draws: Draws) -> Tensor:
    """Draw z `(count, z_dim)` by the law that the generator says."""
    z_dim = generator.spec.z_dim
    return z_by_law(generator.spec.latent_law, lambda: draws.normal(count, z_dim), lambda: draws.uniform(count, z_dim))


def mix_styles(coarse: Tensor, fine: Tensor, share: float, draws: Draws) -> Tensor:
    """Take the first w of each picture from `coarse` and the others from `fine`, with the change at a random layer.

    Args:
        coarse: `(N, num_ws, w_dim)`.
        fine: `(N, num_ws, w_dim)`.
        share: Of the pictures; the others keep `coarse` throughout.
        draws: Of which, and of the layers.

    Source: Karras et al. 2019, section 3.1.
    """
    count, num_ws, _ = coarse.shape
    drawn = draws.uniform(count, 2, 1, 1)
    change = 1 + (drawn[:, 0] * (num_ws - 1)).floor()  # at least one layer of each
    layers = torch.arange(num_ws, device=coarse.device)[None, :, None]
    return torch.where((drawn[:, 1] < share) & (layers >= change), fine, coarse)
