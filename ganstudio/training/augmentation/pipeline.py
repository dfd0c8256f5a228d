"""The pipeline of adaptive augmentation: geometry and colours, each change made to a picture with probability p.

Source: Karras et al. 2020b, appendix B (the "bgc" pipeline; pictures are sampled bilinearly, with mirrored edges).
"""

import functools
import math

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.networks.draws import Draws

SCALE, STRETCH, SHIFT = 0.2, 0.2, 0.125  # deviations: of log2 of the size, of log2 of the sides' ratio, of the side
BRIGHTNESS, CONTRAST, SATURATION = 0.2, 0.5, 1.0  # deviations: of values, of log2, of log2
BLIT = 0.125  # of the side: whole pixels that pictures are moved by at most


def augment(images: Tensor, draws: Draws, p: Tensor, mirrors: bool = False, turns: bool = False) -> Tensor:
    """Change images `(N, C, H, W)` as in a game at this strength.

    Args:
        images: In [-1, 1].
        draws: Of all chances.
        p: Probability of each change, 0 to 1, a scalar on their device.
        mirrors: Whether mirrored pictures are real ones, too.
        turns: Whether pictures turned by quarters are.
    """
    changed = _move(images, _geometry(len(images), draws, p, mirrors, turns))
    return _recolour(changed, draws, p)


def _geometry(count: int, draws: Draws, p: Tensor, mirrors: bool, turns: bool) -> Tensor:
    """The inverse maps `(N, 3, 3)` from places in the changed picture to places in the old one, in [-1, 1]."""
    chances, signs = draws.uniform(count, 8), draws.uniform(count, 6)
    normal = draws.normal(count, 4)
    is_on = chances < p
    one, zero = torch.ones(count, device=chances.device), torch.zeros(count, device=chances.device)
    mirror = torch.where(is_on[:, 0] & (signs[:, 0] < 0.5) & mirrors, -one, one)
    quarter = torch.where(is_on[:, 1] & turns, (signs[:, 1] * 4).floor() * (math.pi / 2), zero)
    blit = torch.where(is_on[:, 2, None], (2 * signs[:, 2:4] - 1) * 2 * BLIT, zero[:, None])
    size = torch.where(is_on[:, 3], 2 ** (SCALE * normal[:, 0]), one)
    turned = 1 - (1 - p).sqrt()  # before and after stretching: together with probability p
    angles = [torch.where(chances[:, 4 + 2 * k] < turned, (2 * signs[:, 4 + k] - 1) * math.pi, zero) for k in range(2)]
    ratio = torch.where(is_on[:, 5], 2 ** (STRETCH * normal[:, 1]), one)
    shift = torch.where(is_on[:, 7, None], 2 * SHIFT * normal[:, 2:4], zero[:, None])
    steps = (
        _scaling(mirror, one), _turning(quarter), _shifting(blit), _scaling(1 / size, 1 / size), _turning(angles[0]),
        _scaling(1 / ratio, ratio), _turning(angles[1]), _shifting(shift),
    )  # fmt: skip
    return functools.reduce(torch.matmul, steps)


def _move(images: Tensor, maps: Tensor) -> Tensor:
    grid = functional.affine_grid(maps[:, :2].to(images), list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def _recolour(images: Tensor, draws: Draws, p: Tensor) -> Tensor:
    count, channels = images.shape[:2]
    is_on = draws.uniform(count, 5) < p
    normal, angles = draws.normal(count, 3), draws.uniform(count, 2)
    one, zero = torch.ones(count, device=is_on.device), torch.zeros(count, device=is_on.device)
    bright = torch.where(is_on[:, 0], BRIGHTNESS * normal[:, 0], zero).to(images)[:, None, None, None]
    contrast = torch.where(is_on[:, 1], 2 ** (CONTRAST * normal[:, 1]), one).to(images)[:, None, None, None]
    images = (images + bright) * contrast
    if channels != 3:
        return images
    colour = torch.eye(3, device=images.device, dtype=images.dtype).expand(count, 3, 3)
    axis = torch.full((3,), 3**-0.5, device=images.device, dtype=images.dtype)  # grey
    along = torch.outer(axis, axis)
    flips = is_on[:, 2] & (angles[:, 0] < 0.5)
    colour = torch.where(flips[:, None, None], colour - 2 * along, colour)
    hue = torch.where(is_on[:, 3], (2 * angles[:, 1] - 1) * math.pi, zero).to(images)
    colour = _turning_around(axis, hue) @ colour
    saturation = torch.where(is_on[:, 4], 2 ** (SATURATION * normal[:, 2]), one).to(images)[:, None, None]
    colour = (along + (torch.eye(3, device=images.device, dtype=images.dtype) - along) * saturation) @ colour
    return torch.einsum("nij,njhw->nihw", colour, images)


def _scaling(x: Tensor, y: Tensor) -> Tensor:
    return torch.diag_embed(torch.stack([x, y, torch.ones_like(x)], dim=1))


def _turning(angle: Tensor) -> Tensor:
    cosine, sine, zero, one = angle.cos(), angle.sin(), torch.zeros_like(angle), torch.ones_like(angle)
    rows = [cosine, -sine, zero, sine, cosine, zero, zero, zero, one]
    return torch.stack(rows, dim=1).view(-1, 3, 3)


def _shifting(by: Tensor) -> Tensor:
    shift = torch.eye(3, device=by.device).repeat(len(by), 1, 1)
    shift[:, :2, 2] = -by
    return shift


def _turning_around(axis: Tensor, angle: Tensor) -> Tensor:
    """Rotations `(N, 3, 3)` around a unit axis `(3,)`, by Rodrigues' formula."""
    x, y, z = axis.unbind()
    none = torch.zeros_like(x)
    cross = torch.stack([none, -z, y, z, none, -x, -y, x, none]).view(3, 3)
    sine, cosine = angle.sin()[:, None, None], angle.cos()[:, None, None]
    return torch.eye(3, device=axis.device, dtype=axis.dtype) + sine * cross + (1 - cosine) * (cross @ cross)


@functools.cache
def can_be_penalised(device: str) -> bool:
    """Whether this torch can differentiate moved pictures twice, as gradient penalties ask for."""
    image = torch.rand(1, 1, 2, 2, device=device, requires_grad=True)
    turned = _move(image, _turning(torch.full((1,), 0.3, device=device)))
    (gradient,) = torch.autograd.grad(turned.square().sum(), image, create_graph=True)
    try:
        torch.autograd.grad(gradient.sum(), image)
    except (RuntimeError, NotImplementedError):
        return False
    return True
