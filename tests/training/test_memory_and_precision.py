"""Too little memory ends in smaller parts, said aloud; shorter numbers where asked for; pictures on the device."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.formats.native import read_file
from ganstudio.devices import mixed_type
from ganstudio.training import feed as feed_module
from ganstudio.training.arithmetic import training_arithmetic
from ganstudio.training.errors import TrainingMemoryError
from ganstudio.training.events import TrainingEnded, TrainingWarned
from ganstudio.training.feed import PictureFeed
from ganstudio.training.game.memory import is_memory_error, more_parts
from ganstudio.training.game.pair import Pair
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.training.sharing_processes import make_config, make_pictures
from tests.training.test_trainer import final_digest, stop_after

CPU = torch.device("cpu")
MLP = {"resolution": 28, "channels": 1, "num_classes": 2, "z_dim": 8, "hidden": 16, "layers": 1}


@pytest.fixture
def mlp_config(tiny_config):
    """Eight pictures at once through networks whose parts equal the whole."""
    return replace(tiny_config, network="mlp", network_config=MLP, kimg=0.08)


def hold_at_most(monkeypatch, pictures: int, error: Exception, player: str = "discriminator") -> None:
    """Make a player's loss fail for larger parts, as a small memory would."""
    name = f"_{player}_loss"
    lose = getattr(Pair, name)

    def fail(pair, batch, fakes, moment):
        if len(batch.images) > pictures:
            raise error
        return lose(pair, batch, fakes, moment)

    monkeypatch.setattr(Pair, name, fail)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_round_that_does_not_fit_is_repeated_in_parts(mlp_config, tiny_pictures, tmp_path, monkeypatch, player):
    config = replace(mlp_config, reuse_fakes=False)
    planned, parted = RunFolder(tmp_path / "planned"), RunFolder(tmp_path / "parted")
    list(train(replace(config, accumulation=4), tiny_pictures, planned))
    hold_at_most(monkeypatch, 2, torch.OutOfMemoryError("CUDA out of memory"), player)
    events = list(train(config, tiny_pictures, parted))
    warnings = [event.message for event in events if isinstance(event, TrainingWarned)]
    assert warnings == ["the memory did not suffice: batches are taken in 4 parts of 2 from now on, more slowly"]
    assert parted.read("warnings")[0]["message"] == warnings[0]
    assert parted.config().accumulation == 4
    if player == "discriminator":  # else its first step was taken as one, which rounds otherwise
        assert final_digest(parted) == final_digest(planned)
    _, ours = read_file(parted.states()[-1][1])
    _, theirs = read_file(planned.states()[-1][1])
    assert all(np.allclose(ours[name], theirs[name], rtol=1e-4, atol=1e-6) for name in ours if "random" not in name)


def test_a_run_that_was_parted_on_the_way_resumes_exactly(tiny_config, tiny_pictures, tmp_path, monkeypatch):
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    said = RuntimeError("[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate memory")
    hold_at_most(monkeypatch, 4, said, "generator")
    list(train(tiny_config, tiny_pictures, whole))
    stop_after(train(tiny_config, tiny_pictures, broken), 7)
    list(train(broken.config(), tiny_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)


def test_a_memory_for_not_even_one_picture_ends_with_a_clear_message(mlp_config, tiny_pictures, tmp_path, monkeypatch):
    hold_at_most(monkeypatch, 0, MemoryError())
    with pytest.raises(TrainingMemoryError, match="does not suffice for one picture at a time; choose a smaller"):
        list(train(mlp_config, tiny_pictures, RunFolder(tmp_path / "run")))


def test_other_errors_are_not_taken_for_too_little_memory(mlp_config, tiny_pictures, tmp_path, monkeypatch):
    hold_at_most(monkeypatch, 0, RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes do not match"):
        list(train(mlp_config, tiny_pictures, RunFolder(tmp_path / "run")))
    assert is_memory_error(RuntimeError("not enough memory: you tried to allocate 9 bytes"))


def test_parts_at_least_double_and_divide_the_batch():
    assert [more_parts(24, parts, 1) for parts in (1, 2, 4, 8, 12)] == [2, 4, 8, 24, 24]
    assert more_parts(24, 1, 4) == 2
    assert more_parts(10, 2, 1) == 5
    assert more_parts(10, 5, 1) == 10
    with pytest.raises(TrainingMemoryError, match="one pack of 4 pictures"):
        more_parts(24, 6, 4)


@pytest.mark.parametrize("case", ["mlp", "dcgan", "normalised", "stylegan2"])
def test_bfloat16_learns_nearly_the_same(case):
    losses = []
    for precision in ("float32", "bfloat16"):
        config = replace(make_config(case), precision=precision)

        pair = Pair(config, CPU)
        feed = PictureFeed(make_pictures(config.network_config["resolution"]), np.arange(48), pair)
        scalars = pair.play(feed, 0, 0.0).scalars
        assert all(value.dtype == torch.float32 for value in scalars.values())
        losses.append({name: float(value) for name, value in scalars.items()})
        weights = pair.discriminator.state_dict() | pair.averaged.state_dict()
        assert all(value.dtype != torch.bfloat16 for value in weights.values())
    assert losses[0]["loss_discriminator"] != losses[1]["loss_discriminator"]
    for name, value in losses[0].items():
        assert losses[1][name] == pytest.approx(value, rel=0.25, abs=0.02), name


def test_bfloat16_resumes_exactly(tiny_config, tiny_pictures, tmp_path):
    config = replace(tiny_config, precision="bfloat16")
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    assert isinstance(list(train(config, tiny_pictures, whole))[-1], TrainingEnded)
    stop_after(train(config, tiny_pictures, broken), 11)
    list(train(config, tiny_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)


def test_a_processor_computes_in_float32_unless_asked_otherwise():
    assert mixed_type("auto", CPU) is None
    assert mixed_type("float32", CPU) is None
    assert mixed_type("bfloat16", CPU) is torch.bfloat16


def test_the_arithmetic_of_training_ends_with_it():
    tiny = torch.full((4,), 1e-39)

    def see() -> tuple[bool, str, str]:
        digits = torch.backends.cuda.matmul.fp32_precision, torch.backends.cudnn.conv.fp32_precision
        return (bool((tiny * 1.0).any()), *digits)

    before = see()
    assert before[0]
    for precision, digits in {"float32": ("ieee",) * 2, "tensorfloat32": ("tf32",) * 2, "auto": before[1:]}.items():
        with training_arithmetic(precision):
            assert see() == (False, *digits)
        assert see() == before


def test_pictures_that_live_on_the_device_are_the_same_ones(conditional_config, tiny_pictures, monkeypatch):
    pair = Pair(conditional_config, CPU)
    read = PictureFeed(tiny_pictures, np.arange(40), pair)
    room = tiny_pictures.pixels.nbytes * 4
    monkeypatch.setattr(feed_module, "free_bytes", lambda _device: room)
    resident = PictureFeed(tiny_pictures, np.arange(40), pair)
    monkeypatch.setattr(feed_module, "free_bytes", lambda _device: room - 4)
    too_large = PictureFeed(tiny_pictures, np.arange(40), pair)
    assert (read._resident is None, resident._resident is None, too_large._resident is None) == (True, False, True)
    for _ in range(6):
        ours, theirs = resident.take(), read.take()
        assert torch.equal(ours.images, theirs.images)
        assert torch.equal(ours.labels, theirs.labels)
