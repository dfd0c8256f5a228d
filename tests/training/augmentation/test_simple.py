"""Each change against a plain reference, a picture at a time, and twice differentiable."""

import pytest
import torch

from ganstudio.networks.draws import Draws, Share
from ganstudio.training.augmentation.simple import colour_at_random, cut_out_at_random, shift_at_random

CPU = torch.device("cpu")
CHANGES = (shift_at_random, cut_out_at_random, colour_at_random)


def pictures(count: int = 6, size: int = 16) -> torch.Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_a_shift_moves_whole_pictures_and_fills_with_black():
    images = pictures(200)
    moved = shift_at_random(images, Draws(CPU, 0))
    drawn = Draws(CPU, 0).uniform(200, 2)
    seen = set()
    for image, result, (y, x) in zip(images, moved, drawn.tolist(), strict=True):
        down, right = int(y * 5) - 2, int(x * 5) - 2
        seen.add((down, right))
        expected = torch.full_like(image, -1.0)
        for row in range(16):
            for column in range(16):
                if 0 <= row - down < 16 and 0 <= column - right < 16:
                    expected[:, row, column] = image[:, row - down, column - right]
        assert torch.allclose(result, expected, atol=1e-6)
    assert len(seen) == 25


def test_a_hole_is_a_grey_square_of_half_the_side():
    images = torch.ones(500, 1, 16, 16)
    holes = cut_out_at_random(images, Draws(CPU, 0)) == 0
    sizes = holes.flatten(1).sum(dim=1)
    assert sizes.max() == 64
    assert sizes.min() >= 16  # its centre is inside, so that at least a quarter of it is
    rows = holes.any(dim=3)
    assert all((row.int().diff().abs().sum() <= 2) for row in rows[:, 0])


def test_colours_change_as_the_formulas_say():
    images = pictures()
    changed = colour_at_random(images, Draws(CPU, 0))
    for image, result, (bright, saturated, contrast) in zip(
        images, changed, Draws(CPU, 0).uniform(6, 3, 1, 1, 1)[..., 0, 0, 0].tolist(), strict=True
    ):
        expected = image + bright - 0.5
        grey = (expected[0] + expected[1] + expected[2]) / 3
        expected = torch.stack([grey + (layer - grey) * 2 * saturated for layer in expected])
        expected = expected.mean() + (expected - expected.mean()) * (contrast + 0.5)
        assert torch.allclose(result, expected, atol=1e-5)


@pytest.mark.parametrize("change", CHANGES)
def test_a_share_of_a_batch_is_changed_as_in_the_whole(change):
    images = pictures(8)
    whole = change(images, Draws(CPU, 3))
    parts = [change(part, Draws(CPU, 3, Share(index, 2))) for index, part in enumerate(images.chunk(2))]
    assert torch.equal(whole, torch.cat(parts))


@pytest.mark.parametrize("change", CHANGES)
def test_it_can_be_differentiated_twice(change):
    images = pictures(2, 8).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: change(x, Draws(CPU, 0)), images)
    assert torch.autograd.gradgradcheck(lambda x: change(x, Draws(CPU, 0)).pow(3), images)


@pytest.mark.parametrize("change", CHANGES)
def test_grey_pictures_are_taken_too(change):
    images = pictures()[:, :1]
    assert change(images, Draws(CPU, 0)).shape == images.shape
