"""The adaptive pipeline: nothing at strength 0, the whole of a batch in its shares, and twice differentiable."""

import math

import pytest
import torch

from ganstudio.networks.draws import Draws, Share
from ganstudio.training.augmentation import pipeline
from ganstudio.training.augmentation.pipeline import augment, can_be_penalised

CPU = torch.device("cpu")


def pictures(count: int = 8, size: int = 16, channels: int = 3) -> torch.Tensor:
    return torch.rand(count, channels, size, size, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_at_strength_0_pictures_stay_as_they_are():
    images = pictures()
    assert torch.allclose(augment(images, Draws(CPU, 0), torch.tensor(0.0)), images, atol=1e-5)


def test_about_that_share_of_pictures_is_changed_by_each_change():
    images = pictures(2000, 8)
    maps = pipeline._geometry(2000, Draws(CPU, 0), torch.tensor(0.3), mirrors=False, turns=False)
    still = (maps - torch.eye(3)).abs().amax(dim=(1, 2)) < 1e-6
    # moved by whole pixels, size, angles (together 0.3), ratio, fraction: five chances of 0.3
    assert float(still.float().mean()) == pytest.approx(0.7**5, abs=0.03)
    changed = augment(images, Draws(CPU, 0), torch.tensor(0.3))
    assert 0.5 < float((changed - images).abs().amax(dim=(1, 2, 3)).gt(1e-4).float().mean()) < 1


def test_a_quarter_turn_is_the_turned_picture():
    images = pictures(1, 16)
    turned = pipeline._move(images, pipeline._turning(torch.tensor([math.pi / 2])))
    assert torch.allclose(turned, images.rot90(1, (2, 3)), atol=1e-4) or torch.allclose(
        turned, images.rot90(-1, (2, 3)), atol=1e-4
    )


def test_a_full_turn_of_hue_leaves_colours_and_grey_never_changes():
    axis = torch.full((3,), 3**-0.5)
    whole = pipeline._turning_around(axis, torch.tensor([2 * math.pi, 1.0]))
    assert torch.allclose(whole[0], torch.eye(3), atol=1e-5)
    assert torch.allclose(whole[1] @ axis, axis, atol=1e-6)
    assert torch.allclose(whole[1] @ whole[1].T, torch.eye(3), atol=1e-5)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_share_of_a_batch_is_changed_as_in_the_whole(channels):
    images = pictures(channels=channels)
    share = torch.tensor(0.7)
    whole = augment(images, Draws(CPU, 3), share, mirrors=True, turns=True)
    parts = [
        augment(part, Draws(CPU, 3, Share(index, 2)), share, True, True) for index, part in enumerate(images.chunk(2))
    ]
    assert torch.allclose(whole, torch.cat(parts), atol=1e-6)
    assert torch.isfinite(whole).all()


def test_it_can_be_differentiated_twice():
    assert can_be_penalised("cpu")
    images = pictures(2, 4).double().requires_grad_()
    share = torch.tensor(0.8)
    assert torch.autograd.gradcheck(lambda x: augment(x, Draws(CPU, 2), share), images)
    assert torch.autograd.gradgradcheck(lambda x: augment(x, Draws(CPU, 2), share).pow(2), images)
