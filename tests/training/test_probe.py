"""The estimate before a start: near what the run takes, and without any trace."""

import json
from dataclasses import replace

from ganstudio.training.config import TrainingConfig, costs_alike, with_settings
from ganstudio.training.probe import Estimate, ProbeProgress, probe


def estimate(config, seconds: float = 0.4) -> Estimate:
    *progress, last = probe(config, seconds)
    assert all(isinstance(event, ProbeProgress) for event in progress)
    assert 0 < progress[0].share <= progress[-1].share == 1
    assert isinstance(last, Estimate)
    return last


def test_twice_the_length_takes_twice_the_time(tiny_config):
    """Of one measurement: its rounds are what is extrapolated."""
    found = estimate(replace(tiny_config, kimg=10.0))
    assert found.seconds > 0
    assert found.images_per_second * found.seconds > 10_000
    assert abs(found.seconds * found.images_per_second / 10_000 - 1.06) < 0.01


def test_more_discriminator_steps_show_more_pictures_a_round(tiny_config):
    config = with_settings(tiny_config, {"discriminator_steps": 3, "critic_to_optimality": True, "kimg": 24.0})
    found = estimate(config)  # the long first rounds are not taken for the usual ones
    rounds = found.seconds / 1.06 * found.images_per_second / 24
    assert abs(rounds - 1000) < 1


def test_what_fits_is_said():
    good = Estimate(1.0, 0.1, 1.0, 100, 1000)
    assert good.fits
    assert not replace(good, memory_bytes=950).fits
    assert replace(good, memory_bytes=None).fits


def test_runs_of_other_work_say_nothing_of_each_others_speed(tiny_config):
    again = TrainingConfig.from_json(json.loads(json.dumps(tiny_config.to_json())))
    assert costs_alike(tiny_config, again)
    assert costs_alike(tiny_config, with_settings(tiny_config, {"kimg": 9.0, "r1.gamma": 3.0, "generator_lr": 1e-3}))
    for other in ({"r2": True}, {"batch_size": 4}, {"r1.interval": 7}, {"network_config.z_dim": 9}, {"loss": "hinge"}):
        assert not costs_alike(tiny_config, with_settings(tiny_config, other)), other
