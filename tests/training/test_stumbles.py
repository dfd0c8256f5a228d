"""Losses that are no numbers: passed over, slowed down, gone back from, and only then an end."""

import pytest
import torch

from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.events import TrainingEnded, TrainingWarned
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.stumbles import Stumbles
from ganstudio.training.trainer import train
from tests.training.test_trainer import stop_after


def test_the_answers_grow_stronger_and_are_forgotten():
    stumbles = Stumbles()
    assert [stumbles.next(step) for step in (5, 6, 7)] == ["skip", "slow", "reload"]
    assert stumbles.next(500) == "skip"
    assert [stumbles.next(step) for step in (501, 502, 503, 504, 505)] == ["slow", "reload", "skip", "slow", "give_up"]


@pytest.fixture
def broken_rounds(monkeypatch):
    """Make the penalty no number in the calls of these numbers."""
    from ganstudio.losses import zero_centred

    right, calls = zero_centred.zero_centred_penalty, iter(range(10_000))

    def choose(numbers):
        def penalty(images, logits):
            value = right(images, logits)
            return value * torch.nan if next(calls) in numbers else value

        monkeypatch.setattr("ganstudio.losses.zero_centred.zero_centred_penalty", penalty)

    return choose


def test_one_broken_round_is_passed_over(tiny_config, tiny_pictures, tmp_path, broken_rounds):
    broken_rounds({3})
    run = RunFolder(tmp_path / "run")
    events = list(train(tiny_config, tiny_pictures, run))
    (warning,) = [event for event in events if isinstance(event, TrainingWarned)]
    assert "passed over" in warning.message
    assert isinstance(events[-1], TrainingEnded)
    assert run.config().generator_lr == tiny_config.generator_lr


def test_repeated_ones_slow_down_and_then_go_back(tiny_config, tiny_pictures, tmp_path, broken_rounds):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 6)
    broken_rounds({1, 2, 3})
    events = list(train(run.config(), tiny_pictures, run, resume=True))
    warnings = [event.message for event in events if isinstance(event, TrainingWarned)]
    for text, word in zip(warnings, ("passed over", "half as high", "went back"), strict=True):
        assert word in text
    assert "0.048 kimg" in warnings[-1]
    assert isinstance(events[-1], TrainingEnded)
    assert run.config().generator_lr == tiny_config.generator_lr / 4
    assert all(line["loss_generator"] == line["loss_generator"] for line in run.read("scalars"))


def test_in_the_end_it_stops_with_the_last_good_state(tiny_config, tiny_pictures, tmp_path, broken_rounds):
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 5)
    good = run.states()[-1][1].read_bytes()
    broken_rounds(set(range(10_000)))
    with pytest.raises(TrainingDivergedError, match=r"no number .* the state at 0\.04 kimg is whole"):
        list(train(tiny_config, tiny_pictures, run, resume=True))
    assert run.states()[-1][1].read_bytes() == good
