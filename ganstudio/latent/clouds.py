"""Many latents of a generator, drawn as it was trained on them, in z or in w."""

from collections.abc import Iterator

import torch
from torch import Tensor

from ganstudio.latent.spaces import draw_z
from ganstudio.networks.base import Generator, MappedGenerator


def natural_space(generator: Generator) -> str:
    """Where directions of this generator are best looked for: "w" where there is one, else "z"."""
    return "w" if isinstance(generator, MappedGenerator) else "z"


def latent_batches(generator: Generator, space: str, count: int, seed: int = 0, batch: int = 1000) -> Iterator[Tensor]:
    """Draw `count` latents `(B, D)` on the CPU, batch by batch; classes come in turns.

    Args:
        generator: In evaluation mode.
        space: "z" or "w".
        count: How many in all.
        seed: Draws them.
        batch: Rows at once.

    Raises:
        ValueError: "w" of a generator that has none.
    """
    if space == "w" and not isinstance(generator, MappedGenerator):
        raise ValueError("this generator has no w; choose z")
    spec, random = generator.spec, torch.Generator().manual_seed(seed)
    for start in range(0, count, batch):
        z = draw_z(min(batch, count - start), spec.z_dim, spec.latent_law, random)
        if space == "z" or not isinstance(generator, MappedGenerator):
            yield z
            continue
        with torch.inference_mode():
            yield generator.map(z.to(generator.device), generator.labels_in_turn(start, len(z)))[:, 0].cpu()


def latent_cloud(generator: Generator, space: str, count: int, seed: int = 0) -> Tensor:
    """The same in one tensor `(count, D)`."""
    return torch.cat(list(latent_batches(generator, space, count, seed)))
