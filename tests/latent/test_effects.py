"""What directions do, on readings whose shape is known."""

import math

import pytest
import torch
from torch import Tensor

from ganstudio.latent.disentangling import RESTRAINTS, disentangle, least_entangled, useful_range
from ganstudio.latent.effects import along, change_by_region, change_matrix, measure_effect
from ganstudio.latent.paths import follow_path, survey


def normal(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


class Known:
    """Factors of a latent of 6 numbers: a straight one, one that rises on both sides, a switch, a mixed one."""

    names = ("straight", "fold", "switch", "mixed")

    def __call__(self, latents: Tensor) -> Tensor:
        x = latents
        fold = 1.6 * ((x[:, 1] ** 2 + 0.01).sqrt() - 0.8)
        return torch.stack([x[:, 0], fold, torch.tanh(5 * x[:, 2]), 0.7 * x[:, 3] + 0.7 * x[:, 0]], dim=1)

    def slopes(self, latents: Tensor) -> Tensor:
        with torch.enable_grad():
            place = latents.detach().clone().requires_grad_(True)
            rows = [torch.autograd.grad(part.sum(), place, retain_graph=True)[0] for part in self(place).unbind(1)]
        return torch.stack(rows, dim=1)


def test_a_straight_step_does_what_it_says():
    effect = measure_effect(Known(), along(torch.eye(6)[0]), normal(200, 6), (-2, -1, 0, 1, 2))
    assert float(effect.change()[0]) == pytest.approx(4, abs=1e-5)
    assert float(effect.rate()[3]) == pytest.approx(0.7, abs=1e-5)
    assert effect.main_factor() == 0
    assert effect.entanglement(0) == pytest.approx(0.7 / 3, abs=1e-5)
    assert effect.drift(0) == pytest.approx(0.7 / 3, abs=1e-5)
    assert effect.is_monotone(0)


def test_ups_and_downs_cancel_in_drift_and_not_in_entanglement():
    effect = measure_effect(Known(), along(torch.eye(6)[1] + torch.eye(6)[2]), normal(4000, 6), (-1.0, 0.0, 1.0))
    assert abs(float(effect.change()[1])) < 0.1
    assert float(effect.spans[1]) > 0.8
    assert effect.drift(2) < 0.05
    assert effect.entanglement(2) > 0.1
    assert not effect.is_monotone(1)


def test_sliders_by_factors():
    effects = [measure_effect(Known(), along(torch.eye(6)[k]), normal(100, 6), (-1, 1)) for k in (0, 3, 5)]
    matrix = change_matrix(effects)
    assert matrix.shape == (3, 4)
    assert torch.allclose(matrix[:, 0], torch.tensor([1.0, 0, 0]).double(), atol=1e-6)
    assert torch.allclose(matrix[:, 3], torch.tensor([0.7, 0.7, 0]).double(), atol=1e-6)
    assert effects[2].entanglement(0) == math.inf


@pytest.mark.parametrize(
    ("latents", "strengths", "message"),
    [(normal(0, 6), (0, 1), "no latents"), (normal(3, 6), (1,), "two strengths"), (normal(3, 6), (1, 0), "lower one"),
     (normal(3, 6) * math.nan, (0, 1), "not finite")],
)  # fmt: skip
def test_what_cannot_be_measured_is_refused(latents, strengths, message):
    with pytest.raises(ValueError, match=message):
        measure_effect(Known(), along(torch.zeros(6)), latents, strengths)


def test_change_by_region_is_where_the_picture_changes():
    before = torch.zeros(2, 3, 16, 16)
    after = before.clone()
    after[:, :, :4, 8:12] = 0.5
    grid = change_by_region(before, after, 4)
    assert float(grid[0, 2]) == pytest.approx(0.5)
    assert float(grid.sum()) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="cannot be compared"):
        change_by_region(before, after[:1])


def test_the_least_entangled_step_is_that_of_the_closed_form():
    slopes = normal(50, 3, 5).double()
    found = least_entangled(slopes, 1, 0.1)
    others = slopes[:, [0, 2]].reshape(-1, 5)

    def cost(step: Tensor) -> float:
        change = others.T @ others / len(others)
        penalty = 0.1 * change.diagonal().mean()
        return float((step @ change @ step + penalty * step @ step) / (slopes[:, 1].mean(0) @ step) ** 2)

    best = cost(found)
    for seed in range(30):
        assert cost(found + 0.05 * normal(5, seed=seed).double()) > best
    with pytest.raises(ValueError, match="no step"):
        least_entangled(torch.zeros(5, 2, 3), 0, 0.1)


def test_little_restraint_keeps_the_others_stiller():
    slopes = normal(200, 4, 6).double() + torch.tensor([2.0, 1, 0, 0, 0, 0]).double()
    moved = []
    for restraint in RESTRAINTS:
        step = least_entangled(slopes, 0, restraint)
        moved.append(float((slopes[:, 1:] @ step).abs().mean() / (slopes[:, 0] @ step).mean()))
    assert moved == sorted(moved)


def test_directions_move_one_factor_and_leave_the_others():
    search, progress = disentangle(Known(), normal(1000, 6), Known.names, [0.5] * 4), []
    while True:
        try:
            progress.append(next(search))
        except StopIteration as stop:
            found = {item.direction.name: item for item in stop.value}
            break
    assert progress == [0.25, 0.5, 0.75, 1.0]
    for name in ("straight", "switch", "mixed"):
        assert found[name].entanglement < 0.2
        assert found[name].effect.is_monotone(found[name].factor)
        assert found[name].change > 1.5
    assert found["fold"].direction.fold == 1
    assert found["fold"].change > 2
    assert found["fold"].entanglement < 0.1
    switch = found["switch"].direction
    assert abs(float(switch.vector[2])) > 0.95
    assert -4 < switch.low < 0 < switch.high < 4  # beyond, nothing would change any more


def test_a_slider_ends_where_it_stops_to_work():
    effect = measure_effect(
        lambda x: torch.stack([x[:, 0].clamp(-1.5, 10), x[:, 1]], 1), along(torch.eye(2)[0]), torch.zeros(1, 2),
        [k / 2 for k in range(-10, 11)],
    )  # fmt: skip
    assert useful_range(effect, 0) == (-1.5, 5.0)


def test_a_path_goes_up_on_both_sides_of_a_fold():
    known, latents = Known(), normal(300, 6, seed=4)
    terrain = survey(known, normal(1000, 6), 1)
    assert terrain.course is None
    effect = measure_effect(known, lambda x, s: follow_path(terrain, x, s), latents, (-2, -1, 0, 1, 2))
    assert effect.is_monotone(1)
    assert float(effect.change()[1]) > 1.5
    assert effect.entanglement(1) < 0.05


def test_a_path_throws_a_switch_from_far_away_and_stops_behind_it():
    known = Known()
    terrain = survey(known, normal(1000, 6), 2)
    assert terrain.course is not None
    far = torch.zeros(2, 6)
    far[:, 2] = torch.tensor([-2.0, 0.3])
    on = follow_path(terrain, far, 5.0)
    assert torch.allclose(known(on)[:, 2], torch.ones(2), atol=0.1)
    assert float(on[:, 2].max()) < 1.5
    assert torch.equal(follow_path(terrain, far, 0.0), far)
    off = follow_path(terrain, on, -5.0)
    assert float(known(off)[:, 2].max()) < -0.85
