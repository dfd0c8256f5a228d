"""Packs: several pictures that a discriminator is shown as one, so that their sameness shows.

Source: Lin et al. 2018 (PacGAN), section 2: pictures are put behind each other along the channels.
"""

from torch import Tensor


def pack_pictures(images: Tensor, size: int) -> Tensor:
    """Put every `size` pictures in a row behind each other: `(N, C, H, W)` to `(N / size, size C, H, W)`.

    Raises:
        ValueError: N is no multiple of `size`.
    """
    count, channels, height, width = images.shape
    if count % size:
        raise ValueError(f"{count} pictures cannot be put into packs of {size}; choose a multiple")
    return images.reshape(count // size, size * channels, height, width)
