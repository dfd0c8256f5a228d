"""Directions of a few picks."""

import math
import time

import pytest
import torch

from ganstudio.latent.agreement import area_under_curve
from ganstudio.latent.picks import fit_picks, make_prior


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def picked(length: int, count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The ends of a grid of 96 along the first axis."""
    latents = normal(96, length, seed=seed)
    order = latents[:, 0].argsort()
    rows = torch.cat([order[: count // 2], order[-count // 2 :]])
    return latents[rows], torch.arange(count) >= count // 2


def test_what_the_weights_answer_to_is_found_sooner():
    length, test = 64, normal(2000, 64, seed=99)
    gram = torch.diag(torch.cat([torch.full((6,), 10.0), torch.full((58,), 0.05)]))
    areas = {"blind": 0.0, "told": 0.0}
    for seed in range(8):
        latents, positive = picked(length, 12, seed)
        for name, known in (("blind", None), ("told", gram)):
            found = fit_picks(latents, positive, make_prior(normal(4000, length, seed=7).split(1000), known))
            areas[name] += area_under_curve(test.double() @ found.weights, test[:, 0] > 0) / 8
    assert areas["told"] > areas["blind"] + 0.08
    assert areas["told"] > 0.85


def test_the_step_follows_the_spread_of_latents():
    """In a space where the second number always moves with the first, the step moves both."""
    mixing = torch.tensor([[1.0, 0.0, 0.0], [0.9, 0.1, 0.0], [0.0, 0.0, 1.0]])
    cloud = normal(5000, 3) @ mixing.T + 5
    points = cloud[:200]
    order = points[:, 0].argsort()
    rows = torch.cat([order[:12], order[-12:]])
    found = fit_picks(points[rows], torch.arange(24) >= 12, make_prior([cloud]))
    step = found.step / found.step[0]
    assert float(step[1]) == pytest.approx(0.9, abs=0.1)
    readings = cloud.double() @ found.weights + found.offset
    assert area_under_curve(readings, cloud[:, 0] > 5) > 0.97
    assert abs(float((readings > 0).double().mean()) - 0.5) < 0.1


def test_picks_of_pure_chance_agree_like_chance():
    """Leaving out one at a time would call a coin right in 44 % of all cases here."""
    prior, latents = make_prior([normal(4000, 32)]), normal(2400, 32, seed=3)
    areas, correct = [], 0
    for start in range(0, 2400, 12):
        agreement = fit_picks(latents[start : start + 12], torch.arange(12) < 6, prior).agreement
        areas.append(agreement.area)
        correct += agreement.correct
    assert sum(areas) / len(areas) == pytest.approx(0.5, abs=0.04)
    assert correct / 2400 == pytest.approx(0.5, abs=0.035)


def test_the_same_latents_scaled_and_moved_agree_alike():
    latents, positive = picked(10, 12, 0)
    cloud = normal(3000, 10, seed=5)
    plain = fit_picks(latents, positive, make_prior([cloud]))
    moved = fit_picks(latents * 4 + 9, positive, make_prior([cloud * 4 + 9]))
    assert torch.allclose(plain.step * 4, moved.step, atol=1e-4)
    assert plain.agreement == moved.agreement


def test_two_dozen_picks_of_512_numbers_take_less_than_a_second():
    prior = make_prior([normal(1000, 512)])
    latents, positive = picked(512, 24, 0)
    begun = time.process_time()
    fit_picks(latents, positive, prior)
    assert time.process_time() - begun < 1


def test_many_picks_are_judged_by_fewer_pairs():
    latents = normal(120, 6)
    agreement = fit_picks(latents, latents[:, 0] > 0, make_prior([normal(500, 6)])).agreement
    assert agreement.total == 120
    assert agreement.accuracy > 0.85


@pytest.mark.parametrize(
    ("latents", "positive", "message"),
    [
        (normal(6, 8), torch.ones(6, dtype=torch.bool), "0 - picks"),
        (normal(6, 8), torch.arange(6) < 1, r"1 \+ picks"),
        (normal(6, 9), torch.arange(6) < 3, "9 numbers"),
        (torch.ones(6, 8), torch.arange(6) < 3, "the same latent"),
        (normal(6, 8) * math.nan, torch.arange(6) < 3, "not finite"),
        (normal(6, 8), torch.arange(5) < 3, "do not fit together"),
    ],
)
def test_picks_that_say_nothing_are_refused(latents, positive, message):
    with pytest.raises(ValueError, match=message):
        fit_picks(latents, positive, make_prior([normal(100, 8)]))


def test_latents_that_do_not_vary_have_no_prior():
    for cloud in ([], [torch.ones(10, 4)]):
        with pytest.raises(ValueError, match="nothing"):
            make_prior(cloud) if cloud else make_prior([torch.zeros(1, 4)])
    with pytest.raises(ValueError, match="answer to no step"):
        make_prior([normal(50, 4)], torch.zeros(4, 4))
