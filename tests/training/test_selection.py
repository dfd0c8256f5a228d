"""Which pictures are trained on and held out, with and without copies."""

from dataclasses import replace

import numpy as np
import pytest

from ganstudio.training.errors import TrainingError
from ganstudio.training.events import CopiesLeftOut, TrainingStarted
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.selection import select_pictures
from ganstudio.training.trainer import train


def select(pixels, config):
    events = []
    choosing = select_pictures(pixels, config)
    while True:
        try:
            events.append(next(choosing))
        except StopIteration as end:
            return events, end.value


def noise(count):
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28, 1), dtype=np.uint8)


def test_no_copy_stays_on_either_side(tiny_config):
    pixels = np.concatenate([noise(30), noise(30)])
    config = replace(tiny_config, holdout=0.3, leave_out_copies=True)
    events, selection = select(pixels, config)
    assert events[-1] == CopiesLeftOut(30)
    used = np.concatenate([selection.shown, selection.held])
    assert sorted(used) == list(range(30))
    assert len(selection.held) > 0


def test_without_the_wish_all_pictures_are_used(tiny_config):
    events, selection = select(np.concatenate([noise(20), noise(20)]), tiny_config)
    assert events == []
    assert len(selection.shown) + len(selection.held) == 40


def test_a_run_tells_what_it_left_out_and_then_trains(tiny_config, tiny_pictures, tmp_path):
    pictures = replace(tiny_pictures, pixels=np.concatenate([noise(30), noise(5)]), labels=None)
    config = replace(tiny_config, leave_out_copies=True, kimg=0.05)
    events = list(train(config, pictures, RunFolder(tmp_path / "run")))
    told = [event for event in events if isinstance(event, CopiesLeftOut | TrainingStarted)]
    assert told[0] == CopiesLeftOut(5)
    assert isinstance(told[1], TrainingStarted)


def test_nothing_but_copies_is_refused(tiny_config, tiny_pictures, tmp_path):
    pictures = replace(tiny_pictures, pixels=np.zeros((20, 28, 28, 1), np.uint8), labels=None)
    with pytest.raises(TrainingError, match="only 1 picture"):
        list(train(replace(tiny_config, leave_out_copies=True), pictures, RunFolder(tmp_path / "run")))
