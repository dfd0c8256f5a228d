"""Shifts, missing squares and colours: few changes that never leave the range of real pictures far.

Source: Zhao et al. 2020 (DiffAugment), section 3 and appendix.
"""

import torch
from torch import Tensor

from ganstudio.networks.draws import Draws

SHIFT = 1 / 8  # of the side, at most
HOLE = 1 / 2  # of the side


def shift_at_random(images: Tensor, draws: Draws) -> Tensor:
    """Move each picture by up to an eighth of its side; what comes in is black, which is -1."""
    count, _, height, width = images.shape
    most_y, most_x = int(height * SHIFT + 0.5), int(width * SHIFT + 0.5)
    drawn = draws.uniform(count, 2).to(images)
    down = (drawn[:, 0] * (2 * most_y + 1)).floor().long() - most_y
    right = (drawn[:, 1] * (2 * most_x + 1)).floor().long() - most_x
    padded = torch.nn.functional.pad(images + 1, (most_x, most_x, most_y, most_y))
    rows = torch.arange(height, device=images.device)[None] + most_y - down[:, None]
    columns = torch.arange(width, device=images.device)[None] + most_x - right[:, None]
    first = torch.arange(count, device=images.device)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[first, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2) - 1


def cut_out_at_random(images: Tensor, draws: Draws) -> Tensor:
    """Make a square of half the side grey, which is 0, anywhere; it may reach over the edge."""
    count, _, height, width = images.shape
    drawn = draws.uniform(count, 2).to(images)
    is_inside = [_near(size, drawn[:, axis] * size, size * HOLE / 2) for axis, size in enumerate((height, width))]
    hole = is_inside[0][:, None, :, None] & is_inside[1][:, None, None, :]
    return images.masked_fill(hole, 0.0)


def colour_at_random(images: Tensor, draws: Draws) -> Tensor:
    """Change brightness by up to one half, then saturation up to twofold, then contrast by up to one half."""
    drawn = draws.uniform(len(images), 3, 1, 1, 1).to(images)
    images = images + (drawn[:, 0] - 0.5)
    grey = images.mean(dim=1, keepdim=True)
    images = grey + (images - grey) * (2 * drawn[:, 1])
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    return middle + (images - middle) * (drawn[:, 2] + 0.5)


def _near(size: int, centres: Tensor, reach: float) -> Tensor:
    """Which of `size` places are within `reach` of each centre `(N,)`: bool `(N, size)`."""
    places = torch.arange(size, device=centres.device, dtype=centres.dtype)[None] + 0.5
    return (places - centres[:, None]).abs() < reach
