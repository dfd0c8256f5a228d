"""Losses and penalties against their closed forms and plain references."""

import math
from pathlib import Path

import pytest
import torch

import ganstudio.losses
from ganstudio.losses.catalogue import LOSSES
from ganstudio.losses.slope import slope_penalty
from ganstudio.losses.zero_centred import zero_centred_penalty
from ganstudio.training.config import LOSS_NAMES

LOG2 = math.log(2)
REAL = torch.tensor([1.5, -0.2, 0.4], dtype=torch.float64)
FAKE = torch.tensor([-0.7, 3.0, 0.1], dtype=torch.float64)


def test_the_names_that_settings_know_are_those_of_the_registry():
    assert set(LOSS_NAMES) == set(LOSSES.names())
    files = {path.stem for path in Path(ganstudio.losses.__file__).parent.glob("*.py")}
    assert set(LOSS_NAMES) == files - {"__init__", "base", "catalogue", "zero_centred", "slope", "path_length"}


@pytest.mark.parametrize(
    ("name", "discriminator", "generator"),
    [
        ("non_saturating", 2 * LOG2, LOG2),
        ("minimax", 2 * LOG2, -LOG2),
        ("hinge", 2.0, 0.0),
        ("wasserstein", 0.0, 0.0),
        ("relativistic", LOG2, LOG2),
        ("relativistic_average", 2 * LOG2, 2 * LOG2),
    ],
)
def test_an_even_game(name, discriminator, generator):
    loss, even = LOSSES[name], torch.zeros(4)
    assert math.isclose(loss.discriminator(even, even).item(), discriminator, rel_tol=1e-6, abs_tol=1e-6)
    assert math.isclose(loss.generator(even, even).item(), generator, rel_tol=1e-6, abs_tol=1e-6)
    assert [value.item() for value in loss.probabilities(even, even)] == pytest.approx([0.5, 0.5])
    assert loss.accuracy(even, even).item() == 0.5


def test_least_squares_is_even_at_one_half():
    loss, half = LOSSES["least_squares"], torch.full((4,), 0.5)
    assert (loss.discriminator(half, half).item(), loss.generator(half).item()) == (0.5, 0.25)
    assert [value.item() for value in loss.probabilities(half, half)] == [0.5, 0.5]
    assert loss.accuracy(torch.tensor([0.6, 0.4]), torch.tensor([0.4, 0.4])).item() == 0.75


def plain(name: str, side: str) -> float:
    """The losses once more, a number at a time."""
    real, fake = REAL.tolist(), FAKE.tolist()

    def sigma(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    lead_real = [r - mean(fake) for r in real]
    lead_fake = [f - mean(real) for f in fake]
    tables = {
        "non_saturating": (
            -mean([math.log(sigma(r)) for r in real]) - mean([math.log(1 - sigma(f)) for f in fake]),
            -mean([math.log(sigma(f)) for f in fake]),
        ),
        "minimax": (
            -mean([math.log(sigma(r)) for r in real]) - mean([math.log(1 - sigma(f)) for f in fake]),
            mean([math.log(1 - sigma(f)) for f in fake]),
        ),
        "least_squares": (
            mean([(r - 1) ** 2 for r in real]) + mean([f**2 for f in fake]), mean([(f - 1) ** 2 for f in fake]),
        ),
        "hinge": (mean([max(0, 1 - r) for r in real]) + mean([max(0, 1 + f) for f in fake]), -mean(fake)),
        "wasserstein": (mean(fake) - mean(real), -mean(fake)),
        "relativistic": (
            -mean([math.log(sigma(r - f)) for r, f in zip(real, fake, strict=True)]),
            -mean([math.log(sigma(f - r)) for r, f in zip(real, fake, strict=True)]),
        ),
        "relativistic_average": (
            -mean([math.log(sigma(r)) for r in lead_real]) - mean([math.log(1 - sigma(f)) for f in lead_fake]),
            -mean([math.log(sigma(f)) for f in lead_fake]) - mean([math.log(1 - sigma(r)) for r in lead_real]),
        ),
    }  # fmt: skip
    return tables[name][side == "generator"]


@pytest.mark.parametrize("name", LOSS_NAMES)
def test_losses_are_what_their_papers_say(name):
    assert LOSSES[name].discriminator(REAL, FAKE).item() == pytest.approx(plain(name, "discriminator"), rel=1e-9)
    assert LOSSES[name].generator(FAKE, REAL).item() == pytest.approx(plain(name, "generator"), rel=1e-9)


@pytest.mark.parametrize("name", [name for name in LOSS_NAMES if LOSSES[name].compares])
def test_losses_that_compare_ask_for_real_pictures(name):
    with pytest.raises(ValueError, match="give their logits"):
        LOSSES[name].generator(FAKE)


def test_a_critic_is_right_where_real_pictures_stand_above():
    loss = LOSSES["wasserstein"]
    assert loss.accuracy(torch.tensor([5.0, 6.0]), torch.tensor([4.0, 5.0])).item() == pytest.approx(7 / 8)
    real, fake = loss.probabilities(torch.tensor([102.0]), torch.tensor([100.0]))
    assert (real.item(), fake.item()) == pytest.approx((torch.sigmoid(torch.tensor(1.0)).item(), 1 / (1 + math.e)))


def test_a_zero_centred_penalty_of_a_linear_and_a_quadratic_judge():
    images = torch.randn(3, 1, 2, 2, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(1, 2, 2, dtype=torch.float64)
    linear = (images * weights).sum(dim=(1, 2, 3))
    assert torch.isclose(zero_centred_penalty(images, linear), weights.square().sum())
    quadratic = images.square().sum(dim=(1, 2, 3))
    assert torch.isclose(zero_centred_penalty(images, quadratic), (2 * images).square().sum(dim=(1, 2, 3)).mean())


def test_a_zero_centred_penalty_can_be_differentiated_again():
    scale = torch.tensor(2.0, requires_grad=True)
    images = torch.ones(2, 1, 1, 1, requires_grad=True)
    zero_centred_penalty(images, (scale * images).sum(dim=(1, 2, 3))).backward()
    assert scale.grad == 4.0


@pytest.mark.parametrize(("slope", "one_sided", "expected"), [(3.0, False, 4.0), (0.5, False, 0.25), (0.5, True, 0.0)])
def test_a_slope_costs_its_squared_distance_from_one(slope, one_sided, expected):
    images = torch.randn(5, 1, 1, 1, dtype=torch.float64, requires_grad=True)
    scale = torch.tensor(slope, dtype=torch.float64, requires_grad=True)
    penalty = slope_penalty(images, (scale * images).sum(dim=(1, 2, 3)), one_sided)
    assert penalty.item() == pytest.approx(expected, abs=1e-9)
    penalty.backward()
    assert scale.grad.item() == pytest.approx(0.0 if one_sided else 2 * (slope - 1), abs=1e-9)


def test_a_flat_judge_gives_no_broken_gradient():
    images = torch.randn(2, 1, 1, 1, requires_grad=True)
    scale = torch.tensor(0.0, requires_grad=True)
    slope_penalty(images, (scale * images).sum(dim=(1, 2, 3))).backward()
    assert torch.isfinite(scale.grad)
