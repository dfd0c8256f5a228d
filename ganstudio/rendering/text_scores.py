"""How well random pictures of a generator fit one text rather than another, by encoders that a person has."""

from collections.abc import Generator as Work

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ganstudio.checkpoints.clip.encoders import Floats, ImageEncoder
from ganstudio.latent.clouds import latent_batches
from ganstudio.networks.base import Generator, MappedGenerator

_AT_ONCE = 16


@torch.inference_mode()
def score_pictures(
    generator: Generator, encoder: ImageEncoder, wanted: Floats, space: str, count: int, seed: int = 11
) -> Work[int, None, tuple[Tensor, Tensor]]:
    """Draw random pictures and compare each with a text.

    Args:
        generator: In evaluation mode.
        encoder: Puts pictures into the space of `wanted`.
        wanted: The text's vector, or the difference of two `(E,)`.
        space: "z" or "w".
        count: How many pictures.
        seed: Draws them.

    Yields:
        How many are done.

    Returns:
        The latents `(N, D)`, and how well each picture fits `(N,)`: the cosine with the text, or both's difference.
    """
    latents, scores = list[Tensor](), list[Tensor]()
    text = torch.from_numpy(wanted)
    done = 0
    for batch in latent_batches(generator, space, count, seed, _AT_ONCE):
        pictures = _draw(generator, batch.to(generator.device), space, done)
        vectors = torch.from_numpy(encoder.encode(_fitted(pictures, encoder.side)))
        latents.append(batch)
        scores.append(vectors @ text)
        done += len(batch)
        yield done
    return torch.cat(latents), torch.cat(scores)


def _draw(generator: Generator, latents: Tensor, space: str, first: int) -> Tensor:
    """Pictures `(N, C, H, W)`, 0 to 1."""
    if space == "w" and isinstance(generator, MappedGenerator):
        pictures = generator.synthesise(latents[:, None].expand(-1, generator.spec.num_ws, -1))
    else:
        pictures = generator(latents, generator.labels_in_turn(first, len(latents)))
    low, high = generator.spec.output_range
    return ((pictures.float() - low) / (high - low)).clamp(0, 1).cpu()


def _fitted(pictures: Tensor, side: int) -> Floats:
    """The pictures in colour `(N, 3, side, side)`."""
    if pictures.shape[1] == 1:
        pictures = pictures.expand(-1, 3, -1, -1)
    if pictures.shape[-1] != side:
        pictures = interpolate(pictures, (side, side), mode="bicubic", antialias=True, align_corners=False).clamp(0, 1)
    fitted: Floats = pictures[:, :3].numpy()
    return fitted
