"""The sentences say what the numbers say."""

from dataclasses import replace

import numpy as np

from ganstudio.training.toys.scene import Scene
from ganstudio.training.toys.words import DISCRIMINATOR, GENERATOR, ROUND, explain

BEFORE = Scene(*[np.zeros((1, 2))] * 3, 1.0, np.zeros((2, 2), np.float32), (0.0, 0.0), 1.0, 0.71, 0.12)


def test_the_numbers_are_those_of_the_scene():
    words = explain(DISCRIMINATOR, BEFORE, BEFORE, 1.0)
    assert "real points 71% real" in words
    assert "generated ones 12%" in words


def test_a_step_back_is_called_so():
    better, worse = replace(BEFORE, fake_belief=0.34), replace(BEFORE, fake_belief=0.05)
    assert "34% real, 12% before" in explain(GENERATOR, BEFORE, better, 1.0)
    assert "overshot" in explain(GENERATOR, BEFORE, worse, 1.0)


def test_who_is_ahead():
    assert "discriminator is ahead" in explain(ROUND, BEFORE, BEFORE, 1.0)
    assert "generator is ahead" in explain(ROUND, BEFORE, replace(BEFORE, fake_belief=0.9), 1.0)
    assert "game is even" in explain(ROUND, BEFORE, replace(BEFORE, real_belief=0.51, fake_belief=0.49), 1.0)


def test_a_vanished_gradient_is_told():
    assert "vanishes" in explain(ROUND, BEFORE, replace(BEFORE, steepest=1e-4), 1.0)
    assert "vanishes" not in explain(ROUND, BEFORE, BEFORE, 1.0)
