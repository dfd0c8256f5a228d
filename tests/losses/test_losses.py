"""Losses against their closed forms."""

import math

import torch

from ganstudio.losses.catalogue import LOSSES
from ganstudio.losses.zero_centred import zero_centred_penalty


def test_non_saturating_at_an_even_game():
    loss, even = LOSSES["non_saturating"], torch.zeros(4)
    assert math.isclose(loss.discriminator(even, even).item(), 2 * math.log(2), rel_tol=1e-6)
    assert math.isclose(loss.generator(even).item(), math.log(2), rel_tol=1e-6)


def test_non_saturating_is_minus_log_probability():
    loss = LOSSES["non_saturating"]
    real, fake = torch.tensor([1.5, -0.2], dtype=torch.float64), torch.tensor([-0.7, 3.0], dtype=torch.float64)
    expected = -(torch.log(torch.sigmoid(real)).mean() + torch.log(1 - torch.sigmoid(fake)).mean())
    assert torch.isclose(loss.discriminator(real, fake), expected)
    assert torch.isclose(loss.generator(fake), -torch.log(torch.sigmoid(fake)).mean())


def test_r1_of_a_linear_and_a_quadratic_judge():
    images = torch.randn(3, 1, 2, 2, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(1, 2, 2, dtype=torch.float64)
    assert torch.isclose(zero_centred_penalty(images, (images * weights).sum(dim=(1, 2, 3))), weights.square().sum())
    quadratic = images.square().sum(dim=(1, 2, 3))
    assert torch.isclose(zero_centred_penalty(images, quadratic), (2 * images).square().sum(dim=(1, 2, 3)).mean())


def test_r1_can_be_differentiated_again():
    scale = torch.tensor(2.0, requires_grad=True)
    images = torch.ones(2, 1, 1, 1, requires_grad=True)
    zero_centred_penalty(images, (scale * images).sum(dim=(1, 2, 3))).backward()
    assert scale.grad == 4.0
