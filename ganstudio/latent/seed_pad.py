"""The pad of seeds: a plane with the z of a seed at each crossing, and a mixture of the four nearest in between."""

import math

import torch

from ganstudio.latent.pad_seeds import seed_at
from ganstudio.latent.spaces import sample_z


def z_on_pad(seed: int, drift: tuple[float, float], z_dim: int, law: str) -> torch.Tensor:
    """The z float32 `(1, z_dim)` of a place on the pad.

    Between crossings the four nearest z are mixed in the shares of a bilinear interpolation. A mixture varies less than
    what it is made of, so that it is brought back to the law: for a normal one it is divided by the length of its
    shares, for one on the sphere to the sphere.

    Args:
        seed: What stands at (0, 0).
        drift: Columns and rows away from it.
        z_dim: Numbers of a z.
        law: See `spaces.sample_z`.
    """
    left, top = math.floor(drift[0]), math.floor(drift[1])
    right_share, lower_share = drift[0] - left, drift[1] - top
    corners = [(column, row) for row in (0, 1) for column in (0, 1)]
    shares = [
        (right_share if column else 1 - right_share) * (lower_share if row else 1 - lower_share)
        for column, row in corners
    ]
    used = [(corner, share) for corner, share in zip(corners, shares, strict=True) if share > 0]
    z = sample_z([seed_at(seed, left + column, top + row) for (column, row), _ in used], z_dim, law)
    if len(used) == 1:
        return z  # the seed's own, to the bit
    mixed = (torch.tensor([share for _, share in used], dtype=torch.float64)[:, None] * z.double()).sum(0, keepdim=True)
    if law == "normal":
        mixed = mixed / math.sqrt(sum(share**2 for _, share in used))
    elif law == "sphere":
        mixed = mixed * (mixed.square().mean() + 1e-30).rsqrt()
    return mixed.float()
