"""Event files: their frames and sums, what is in them, and that resuming makes what came later void."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from ganstudio.training.runs.event_file import EventFile, _masked_crc, read_events
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.training.test_trainer import stop_after


def test_the_sum_is_the_published_one():
    """CRC-32C of "123456789" is E3069283; masked: rotated right by 15 bits, plus a constant."""
    crc = 0xE3069283
    assert _masked_crc(b"123456789") == ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def test_what_is_written_is_read(tmp_path):
    events = EventFile(tmp_path / "tb", 0)
    events.add_scalars(300, {"loss/generator": 1.5, "kid": -0.25})
    events.add_picture(300, "samples", np.zeros((4, 6, 3), np.uint8))
    events.add_scalars(70_000, {"kid": 0.125})
    (path,) = (tmp_path / "tb").iterdir()
    assert read_events(path) == [(300, {"loss/generator": 1.5, "kid": -0.25}), (70_000, {"kid": 0.125})]


def test_a_cut_file_keeps_its_whole_records_and_a_damaged_one_is_told(tmp_path):
    events = EventFile(tmp_path, 0)
    for step in range(3):
        events.add_scalars(step, {"kid": float(step)})
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    assert [step for step, _ in read_events(path)] == [0, 1]
    path.write_bytes(whole[:-8] + b"x" + whole[-7:])
    with pytest.raises(ValueError, match="wrong sum"):
        read_events(path)


def test_a_run_writes_its_curves_and_a_resume_begins_a_file(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    config = replace(tiny_config, tensorboard=True)
    stop_after(train(config, tiny_pictures, run), 12)
    list(train(config, tiny_pictures, run, resume=True))
    first, second = sorted((run.path / "tensorboard").iterdir(), key=lambda path: path.name.split(".")[-2])
    assert first.name < second.name
    points = [(step, scalars) for path in (first, second) for step, scalars in read_events(path)]
    steps = [step for step, scalars in points if "loss/generator" in scalars]
    assert steps == sorted(set(steps))
    assert steps == [round(1000 * line["kimg"]) for line in run.read("scalars")]
    assert {"belief/real", "gradient/discriminator"} <= set(points[0][1])


def test_no_files_are_written_where_they_are_not_asked_for(tiny_config, tiny_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    list(train(replace(tiny_config, kimg=0.04), tiny_pictures, run))
    assert not (run.path / "tensorboard").exists()


@pytest.mark.skipif(importlib.util.find_spec("tensorboard") is None, reason="needs TensorBoard's own reader")
def test_tensorboard_reads_it(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    EventFile(tmp_path, 0).add_scalars(5, {"kid": 0.5})
    reader = EventAccumulator(str(tmp_path)).Reload()
    assert [(event.step, event.value) for event in reader.Scalars("kid")] == [(5, 0.5)]
