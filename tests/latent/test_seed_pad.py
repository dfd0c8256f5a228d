"""The pad of seeds: seeds at its crossings, the law kept in between, no jumps."""

import numpy as np
import pytest
import torch

from ganstudio.latent.pad_seeds import ROW, seed_at
from ganstudio.latent.seed_pad import z_on_pad
from ganstudio.latent.spaces import sample_z


@pytest.mark.parametrize("law", ["normal", "uniform", "uniform_0_1", "sphere"])
def test_seeds_stand_at_the_crossings(law):
    for column, row in ((0, 0), (3, 0), (-2, 5)):
        expected = sample_z([seed_at(7, column, row)], 16, law)
        assert torch.equal(z_on_pad(7, (column, row), 16, law), expected)
    assert seed_at(2**32 - 1, 1, 0) == 0
    assert seed_at(0, 2, -1) == 2**32 - ROW + 2


def test_between_crossings_the_law_is_kept():
    places = np.random.default_rng(0).uniform(-5, 5, (40, 2))
    normal = torch.cat([z_on_pad(11, tuple(place), 512, "normal") for place in places])
    assert float(normal.std()) == pytest.approx(1.0, abs=0.02)
    sphere = torch.cat([z_on_pad(11, tuple(place), 512, "sphere") for place in places])
    assert torch.allclose(sphere.square().mean(1), torch.ones(40), atol=1e-5)
    even = torch.cat([z_on_pad(11, tuple(place), 512, "uniform_0_1") for place in places])
    assert 0 <= float(even.min()) <= float(even.max()) <= 1


def test_a_small_step_is_a_small_change_also_across_crossings():
    for before, after in (((0.999, 0.4), (1.001, 0.4)), ((0.3, -1e-3), (0.3, 1e-3)), ((2 - 1e-6, 0.0), (2.0, 0.0))):
        step = z_on_pad(3, after, 512, "normal") - z_on_pad(3, before, 512, "normal")
        assert float(step.abs().max()) < 0.03
