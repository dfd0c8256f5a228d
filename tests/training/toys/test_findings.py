"""When a game has collapsed: on made measurements, and on real short games."""

import math
from dataclasses import replace

import pytest

from ganstudio.training.toys.findings import ToyProgress, found_evenly, toy_findings
from ganstudio.training.toys.measures import ToyScores


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


@pytest.mark.parametrize(
    "quiet",
    [
        history(0.1, 0.1, 0.1, 0.1, 0.1),  # too early, and too few to agree
        history(0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9),
        history(0.9, 0.9, 0.9, 0.9, 0.9, 0.3, 0.95),  # one bad moment
        [replace(progress, scores=ToyScores(1, 0.1, 0.0, 1)) for progress in history(*[0.1] * 9)],
    ],
)
def test_what_is_no_alarm(quiet):
    assert toy_findings(quiet) == ()
