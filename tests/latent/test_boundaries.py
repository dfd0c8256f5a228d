"""Boundaries, and how well they hold, against closed forms and plain references."""

import math

import numpy as np
import pytest
import torch

from ganstudio.latent.agreement import Agreement, area_under_curve, measure_agreement, wilson_interval
from ganstudio.latent.boundaries import LOGISTIC, SQUARED_HINGE, balanced_weights, fit_boundary
from ganstudio.latent.directions import condition
from ganstudio.latent.examples import hold_out, part_by_scores


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def planted(count: int = 600, length: int = 8) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    latents, truth = normal(count, length), torch.nn.functional.normalize(normal(length, seed=1), dim=0)
    return latents, latents @ truth + 0.3 * normal(count, seed=2) > 0.4, truth.double()


@pytest.mark.parametrize("loss", [LOGISTIC, SQUARED_HINGE], ids=["logistic", "svm"])
def test_a_planted_boundary_is_found(loss):
    latents, positive, truth = planted()
    found = fit_boundary(3 * latents + 7, positive, loss, 1e-3)
    assert float(found.normal() @ truth) > 0.98
    assert measure_agreement(found.scores(3 * latents + 7), positive).accuracy > 0.9


@pytest.mark.parametrize("loss", [LOGISTIC, SQUARED_HINGE], ids=["logistic", "svm"])
def test_the_least_of_the_objective_is_reached(loss):
    latents, positive, _ = planted(80, 5)
    latents = latents - latents.mean(0)
    latents = latents / latents.square().mean().sqrt()
    found = fit_boundary(latents, positive, loss, 0.1)
    weights = found.weights.clone().requires_grad_(True)
    offset = torch.tensor(found.offset, dtype=torch.float64, requires_grad=True)
    margins = (positive.double() * 2 - 1) * (latents.double() @ weights + offset)
    value = balanced_weights(positive) @ loss.value(margins) + 0.05 * weights.square().sum()
    slopes = torch.autograd.grad(value, [weights, offset])
    assert max(float(slope.abs().max()) for slope in slopes) < 1e-6


@pytest.mark.parametrize("loss", [LOGISTIC, SQUARED_HINGE], ids=["logistic", "svm"])
def test_the_slopes_and_curvatures_are_those_of_the_loss(loss):
    margins = torch.linspace(-3, 3, 13, dtype=torch.float64).add(0.1).requires_grad_(True)
    (slope,) = torch.autograd.grad(loss.value(margins).sum(), margins, create_graph=True)
    (curvature,) = torch.autograd.grad(slope.sum(), margins)
    assert torch.allclose(slope, loss.slope(margins))
    assert torch.allclose(curvature, loss.curvature(margins))


def test_more_numbers_than_examples_give_the_same_as_the_wide_way():
    latents, positive = normal(12, 40), torch.arange(12) < 5
    narrow = fit_boundary(latents, positive, LOGISTIC, 0.1)
    repeated = fit_boundary(latents.repeat(4, 1), positive.repeat(4), LOGISTIC, 0.1)  # 48 rows: solved directly
    assert torch.allclose(narrow.weights, repeated.weights, atol=1e-6)


def test_rare_examples_count_as_much_as_common_ones():
    latents = torch.cat([normal(400, 3) - 1, normal(10, 3, seed=1) + 1])
    positive = torch.arange(410) >= 400
    found = fit_boundary(latents, positive)
    assert abs(float(found.scores(torch.zeros(1, 3)))) < 0.5 * float(found.weights.norm())


@pytest.mark.parametrize(
    ("latents", "positive", "message"),
    [
        (normal(10, 3), torch.ones(10, dtype=torch.bool), "one kind only"),
        (torch.ones(10, 3), torch.arange(10) < 5, "all latents are the same"),
        (normal(10, 3) * math.nan, torch.arange(10) < 5, "not finite"),
        (normal(10, 3), torch.arange(9) < 5, "do not fit together"),
    ],
)
def test_what_has_no_boundary_is_refused(latents, positive, message):
    with pytest.raises(ValueError, match=message):
        fit_boundary(latents, positive)


def test_the_area_counts_ordered_pairs():
    scores, positive = normal(40).round(), normal(40, seed=1) > 0.2
    pairs = [(float(a > b) + 0.5 * float(a == b)) for a in scores[positive] for b in scores[~positive]]
    assert area_under_curve(scores, positive) == pytest.approx(np.mean(pairs))
    assert area_under_curve(scores, torch.zeros(40, dtype=torch.bool)) == 0.5


def test_the_interval_is_that_of_wilson():
    low, high = wilson_interval(8, 10)
    for end in (low, high):  # the ends solve |p - share| = z sqrt(p (1 - p) / n)
        assert abs(end - 0.8) == pytest.approx(1.959964 * math.sqrt(end * (1 - end) / 10))
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert not Agreement(8, 12, 0.7).is_above_chance
    assert Agreement(11, 12, 0.9).is_above_chance
    assert "92% of 12 right" in str(Agreement(11, 12, 0.9))


def test_the_ends_of_the_scores_are_taken():
    scores = torch.tensor([5.0, 1.0, math.nan, 4.0, 2.0, 3.0, 6.0, 0.0])
    parted = part_by_scores(scores, 0.3)
    assert sorted(parted.rows[parted.positive].tolist()) == [0, 6]
    assert sorted(parted.rows[~parted.positive].tolist()) == [1, 7]


def test_classes_are_taken_whole_and_shared_values_left_out():
    parted = part_by_scores(torch.tensor([0.0, 1.0, 0.0, 1.0, 1.0]), 0.2)
    assert len(parted.rows) == 5
    tied = part_by_scores(torch.tensor([0.0, 0.0, 0.0, 0.0, 1.0, 2.0]), 0.5)
    assert set(tied.rows[tied.positive].tolist()) == {4, 5}
    assert set(tied.rows[~tied.positive].tolist()) <= {0, 1, 2, 3}
    middle = part_by_scores(torch.tensor([0.0, 1.0, 1.0, 1.0, 1.0, 2.0]), 0.5)
    assert sorted(middle.rows.tolist()) == [0, 5]


@pytest.mark.parametrize(
    ("scores", "share", "message"),
    [
        ([1.0, 1.0, 1.0], 0.5, "are the same"),
        ([math.nan, math.nan], 0.5, "no score"),
        ([1.0, math.inf], 0.5, "infinite"),
        ([0.0, 1.0, 2.0], 0.0, "share"),
    ],
)
def test_scores_that_part_nothing_are_refused(scores, share, message):
    with pytest.raises(ValueError, match=message):
        part_by_scores(torch.tensor(scores), share)


def test_what_is_held_out_is_of_both_kinds_and_nothing_else():
    parted = part_by_scores(torch.arange(40).double() % 2)
    fit, held = hold_out(parted)
    assert sorted([*fit.rows.tolist(), *held.rows.tolist()]) == list(range(40))
    assert int(held.positive.sum()) == int((~held.positive).sum()) == 5
    with pytest.raises(ValueError, match="at least 4"):
        hold_out(part_by_scores(torch.tensor([0.0, 0.0, 1.0, 1.0])))


def test_a_condition_is_left_alone():
    vector, others = normal(30).double(), list(normal(3, 30, seed=1).double())
    found = condition(vector, [*others, others[0] + others[1]])
    basis = np.linalg.qr(torch.stack(others).numpy().T)[0]
    expected = vector.numpy() - basis @ (basis.T @ vector.numpy())
    assert np.allclose(found.numpy(), expected / np.linalg.norm(expected))
    assert float(torch.stack(others).mv(found).abs().max()) < 1e-12


@pytest.mark.parametrize(
    ("vector", "others", "message"),
    [
        (torch.zeros(3), [], "zero"),
        (torch.ones(3), [torch.ones(4)], "4 numbers"),
        (torch.ones(3), [2 * torch.ones(3)], "nothing of the direction is left"),
        (torch.ones(3), [torch.full((3,), math.nan)], "not finite"),
    ],
)
def test_conditions_that_leave_nothing_are_refused(vector, others, message):
    with pytest.raises(ValueError, match=message):
        condition(vector, others)


def test_interfacegans_conditional_boundary_is_reproduced_to_rounding(shared):
    folder = shared / "checkpoints" / "directions" / "interfacegan_MIT"
    if not folder.is_dir():
        pytest.skip("no boundaries of InterFaceGAN beside the checkout")
    age, gender, expected = (
        torch.from_numpy(np.load(folder / f"stylegan_ffhq_{name}_boundary.npy", allow_pickle=False)[0])
        for name in ("age", "gender", "age_c_gender")
    )
    # The last bit of a dot product depends on the processor that the product is taken on.
    torch.testing.assert_close(condition(age, [gender]), expected, rtol=0, atol=1e-15)
