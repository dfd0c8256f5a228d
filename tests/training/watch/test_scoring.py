"""Scores while training: what they ask of the players, and that asking changes nothing."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.images import from_uint8
from ganstudio.training.config import TrainingConfig
from ganstudio.training.game.pair import Pair
from ganstudio.training.watch.scoring import Scorer

CPU = torch.device("cpu")
STRONG = {"adaptive_augmentation": {"start": 1.0, "cap": 1.0}}
HELD = np.arange(40, 120)


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    """Dark pictures with a bright bar that lies always level, left of the middle."""
    random = np.random.default_rng(0)
    pictures = random.integers(0, 60, (120, 28, 28, 1)).astype(np.uint8)
    for picture in pictures:
        top = random.integers(6, 12)
        picture[top : top + 5, 2:16] += random.integers(120, 180, dtype=np.uint8)
    return pictures


def pair_with(config: TrainingConfig, parts: dict[str, dict[str, object]]) -> Pair:
    return Pair(replace(config, parts=parts), CPU)


def scores(pair: Pair, pixels: np.ndarray, drawn: torch.Tensor) -> dict[str, float]:
    scorer = Scorer(pixels, None, np.arange(40), HELD, CPU)
    scorer._generate = lambda generator: drawn  # noqa: ARG005 - pictures that are known, not the generator's
    return scorer.measure(pair)


def test_generated_pictures_that_look_augmented_are_nearer_to_augmented_ones(tiny_config, pixels):
    pair = pair_with(tiny_config, STRONG)
    real = from_uint8(pixels[:40])
    as_real = scores(pair, pixels, real)
    assert as_real["augmented_errors"] < -4
    assert as_real["kid"] < as_real["augmented_kid"]
    leaked = scores(pair, pixels, pair.augment_plainly(real, seed=7))
    assert leaked["augmented_errors"] > 4
    assert leaked["augmented_ratio"] < 0.5
    assert leaked["augmented_kid"] < leaked["kid"]


@pytest.mark.parametrize("parts", [{}, {"r1": {}}, {"adaptive_augmentation": {"start": 1.0, "turns": True}},
                                   {"adaptive_augmentation": {"mirrors": True}, "diff_augment": {}}])  # fmt: skip
def test_where_augmented_pictures_are_real_or_there_are_none_it_is_not_asked(parts, tiny_config, pixels):
    pair = pair_with(tiny_config, parts)
    assert "augmented_kid" not in scores(pair, pixels, from_uint8(pixels[:40]))


@pytest.mark.parametrize("parts", [STRONG, {"diff_augment": {}}, {**STRONG, "diff_augment": {}, "instance_noise": {}}])
def test_asking_draws_nothing_of_the_runs_own_chance(parts, tiny_config, pixels):
    pair = pair_with(tiny_config, parts)
    before = pair.draws.generator.get_state()
    measured = [scores(pair, pixels, from_uint8(pixels[:40])) for _ in range(2)]
    assert torch.equal(pair.draws.generator.get_state(), before)
    assert measured[0] == measured[1]
    assert measured[0]["augmented_kid"] != measured[0]["kid"]


def test_pictures_that_come_ordered_by_kind_are_measured_against_all_kinds(tiny_config):
    """Of more pictures held out than are looked at, some of each kind are."""
    random = np.random.default_rng(0)
    kinds = np.repeat([20, 220], 1000)
    pictures = (kinds[:, None, None, None] + random.integers(-20, 20, (2000, 28, 28, 1))).astype(np.uint8)
    scorer = Scorer(pictures, None, np.arange(0, 2000, 2), np.arange(1, 2000, 2), CPU)
    both = from_uint8(pictures[::4])
    scorer._generate = lambda generator: both  # noqa: ARG005 - as above
    scores_of_both = scorer.measure(pair_with(tiny_config, {}))
    assert scores_of_both["kid"] == pytest.approx(0, abs=3 * scores_of_both["kid_deviation"] + 1e-3)
    assert scores_of_both["diversity"] == pytest.approx(1, abs=0.05)


def test_classes_are_drawn_as_often_as_among_the_real_pictures(conditional_config, pixels):
    labels = np.arange(120) % 4 // 3  # a quarter is of the second class
    pair = pair_with(conditional_config, {})
    drawn: list[torch.Tensor] = []
    pair.averaged.register_forward_pre_hook(lambda _network, inputs: drawn.append(inputs[1]))
    Scorer(pixels, labels, np.arange(40), HELD, CPU).measure(pair)
    assert torch.bincount(torch.cat(drawn)).tolist() == pytest.approx([375, 125], abs=10)
    assert all(0.1 < part.double().mean() < 0.4 for part in drawn)  # mixed
