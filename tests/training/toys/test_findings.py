"""When a game has collapsed: on made measurements, and on real short games."""

import math
from dataclasses import replace

import pytest

from ganstudio.training.config import with_settings
from ganstudio.training.toys.distributions import ring
from ganstudio.training.toys.findings import ToyProgress, found_evenly, toy_findings
from ganstudio.training.toys.measures import ToyScores
from ganstudio.training.toys.recipes import configure
from ganstudio.training.toys.table import play_toy


def history(*evenness, modes=3, total=8):
    """Measurements at 10 %, 20 % ... of a game, from the share of modes found evenly."""
    return [
        ToyProgress(100 * number, number / 10, ToyScores(modes, 0.9, -math.log(share), total), {})
        for number, share in enumerate(evenness, start=1)
    ]


def test_one_mode_of_eight_is_an_eighth():
    assert found_evenly(ToyScores(1, 1.0, math.log(8), 8)) == pytest.approx(1 / 8)


def test_a_collapse_is_told_with_when_and_how_sure():
    (finding,) = toy_findings(history(0.9, 0.9, 0.9, 0.9, 0.3, 0.3, 0.2, 0.2))
    assert finding.title == "Mode collapse"
    assert finding.since_rounds == 500
    assert finding.confidence == pytest.approx(4 / 5)  # of what is judged, from 40 % of the game on
    assert "5 of 8 modes" in finding.advice
    assert finding.offer == "paired"


def test_a_few_starved_modes_are_missing_not_collapsed():
    (finding,) = toy_findings(history(0.3, 0.3, 0.3, 0.6, 0.7, 0.7, 0.7, modes=7))
    assert finding.title == "Missing modes"
    assert "1 of 8 modes" in finding.advice


def test_one_mode_that_is_never_found_is_missing_however_even_the_others_are():
    told = history(*[0.875] * 9, modes=7)
    (finding,) = toy_findings(told)
    assert finding.title == "Missing modes"
    assert finding.since_rounds == 400
    assert finding.confidence == 1
    found_again = [*told[:-1], *history(*[0.9] * 9, modes=8)[-1:]]
    assert toy_findings(found_again) == ()


def blurred(modes, divergence, total=25):
    """A game whose points are spread beyond their places, measured often."""
    scores = ToyScores(modes, 0.29, divergence, total)
    return [ToyProgress(100 * number, number / 10, scores, {}) for number in range(1, 11)]


def test_a_place_that_is_left_out_is_missing_among_blurred_ones_too():
    (finding,) = toy_findings(blurred(24, 0.06))  # as minibatch discrimination leaves a grid
    assert finding.title == "Missing modes"
    assert "1 of 25" in finding.advice
    assert toy_findings(blurred(24, 0.01)) == ()  # it gets its share of points, none of them good by chance
    assert toy_findings(blurred(25, 0.06)) == ()


@pytest.mark.parametrize(
    "quiet",
    [
        history(0.1, 0.1, 0.1, 0.1, 0.1),  # too early, and too few to agree
        history(0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9, modes=8),
        history(0.9, 0.9, 0.9, 0.9, 0.9, 0.3, 0.95, modes=8),  # one bad moment
        [replace(progress, scores=ToyScores(1, 0.1, 0.0, 1)) for progress in history(*[0.1] * 9)],
    ],
)
def test_what_is_no_alarm(quiet):
    assert toy_findings(quiet) == ()


def play_short(name, rounds, seed, **settings):
    """A game of small networks; a few seconds."""
    small = {"network_config": {"hidden": 32, "layers": 2}, "batch_size": 64, "kimg": rounds * 64 / 1000}
    config = with_settings(configure(name, rounds, seed), {**small, **settings})
    return list(play_toy(config, ring(), rounds // 20))


@pytest.mark.parametrize("seed", [0, 1])
def test_a_generator_that_learns_too_often_collapses_and_is_found_out(seed):
    """Source of the scenario: Goodfellow et al. 2014, section 4, "the Helvetica scenario"."""
    told = play_short("non_saturating", 100, seed, generator_steps=10, reuse_fakes=False)
    assert found_evenly(told[-1].scores) < 0.5
    (finding,) = toy_findings(told)
    assert finding.title == "Mode collapse"
    assert finding.confidence > 0.8


@pytest.mark.parametrize("seed", [0, 1])
def test_the_default_is_healthy_and_silent(seed):
    told = play_short("paired", 150, seed)
    assert found_evenly(told[-1].scores) > 0.9
    assert all(toy_findings(told[:count]) == () for count in range(len(told) + 1))
