"""Between pictures and `latent.discovery`: latents of seeds as examples, and what was found as what a model carries."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.latent.clouds import natural_space
from ganstudio.latent.discovery.base import Discovered, DiscoveryError, Examples
from ganstudio.latent.spaces import sample_z
from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.rendering.carried_directions import Carried

_BATCH = 500


@torch.inference_mode()
def examples_of_seeds(
    generator: Generator, seeds: Sequence[int], scores: Sequence[Sequence[float]], names: Sequence[str]
) -> Examples:
    """The latents of seeds, in w where the generator has one, with what was said of their pictures.

    Args:
        generator: In evaluation mode.
        seeds: N seeds, as pictures are drawn by; their classes are those that a seed picks by itself.
        scores: N rows of F numbers.
        names: F names.
    """
    spec = generator.spec
    device = generator.device
    parts = []
    for start in range(0, len(seeds), _BATCH):
        some = seeds[start : start + _BATCH]
        latents = sample_z(some, spec.z_dim, spec.latent_law)
        if isinstance(generator, MappedGenerator):
            labels = (
                torch.tensor([seed % spec.num_classes for seed in some], device=device) if spec.num_classes else None
            )
            latents = generator.map(latents.to(device), labels)[:, 0].cpu()
        parts.append(latents)
    nothing = torch.zeros(0, spec.w_dim or spec.z_dim)
    table = torch.tensor([list(row) for row in scores]).reshape(len(seeds), len(names))
    return Examples(torch.cat(parts) if parts else nothing, table, tuple(names), space=natural_space(generator))


def carry_discovered(found: Iterable[Discovered], origin: str) -> tuple[Carried, ...]:
    """What a checkpoint carries of directions that were found.

    Args:
        found: The directions.
        origin: Name of the way in `METHODS`.
    """
    return tuple(
        (
            DirectionInfo(
                item.direction.name,
                item.title,
                item.direction.low,
                item.direction.high,
                origin=origin,
                space=item.direction.space,
                layers=item.direction.layers,
            ),
            item.direction.step().numpy(),
        )
        for item in found
    )


def examples_of_latents(
    generator: Generator, latents: Tensor, scores: Tensor, names: Sequence[str], space: str = "auto"
) -> Examples:
    """Latents that somebody wrote down, with what was said of their pictures.

    Args:
        generator: Whose latents they are.
        latents: `(N, D)`, or w_plus `(N, num_ws, w_dim)`, of which the mean over the layers is taken.
        scores: `(N, F)`.
        names: F names.
        space: "z", "w", or "auto" for w where there is one.

    Raises:
        DiscoveryError: They are not of this generator's latents.
    """
    natural = natural_space(generator)
    space = natural if space == "auto" else space
    if space == "w" and natural != "w":
        raise DiscoveryError("latents", "this model has no w", "say that they are of z")
    if latents.ndim == 3:
        if space != "w" or latents.shape[1] != generator.spec.num_ws:
            reason = f"latents of shape {list(latents.shape[1:])} are not this model's w+"
            raise DiscoveryError("latents", reason, "choose latents of the open model")
        latents = latents.mean(dim=1)
    return Examples(latents, scores, tuple(names), space=space)
