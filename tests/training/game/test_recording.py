"""Recorded rounds: the same game as played rounds, nothing asked of the device in between, and a way back."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game import recording
from ganstudio.training.game.batch import Batch
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.rates import make_optimizer
from ganstudio.training.game.recording import WARM_UP, Recorder, may_record
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.state import Progress, load_newest_state, save_state
from tests.training.test_presets import Facts

CPU = torch.device("cpu")
STYLE = {
    "network": "stylegan2",
    "network_config": {
        "resolution": 16, "channels": 3, "z_dim": 6, "w_dim": 6, "widths": (8, 8, 6), "mapping_widths": (6, 6),
    },
}  # fmt: skip
SMALL = {"resolution": 28, "channels": 3, "num_classes": 0, "z_dim": 8, "base_channels": 4, "max_channels": 8}
CASES: dict[str, dict[str, Any]] = {
    "lazy_r1": {"r1.interval": 2},
    "falling": {"r1.final_share": 0.1, "r2": True, "loss": "relativistic"},
    "flipped": {"x_flip": True, "discriminator_steps": 2, "generator_steps": 2},
    "waiting": {"generator_delay_kimg": 0.03},
    "adaptive": {"adaptive_augmentation.start": 0.4, "adaptive_augmentation.speed_kimg": 0.2},
    "lecam": {"lecam.wait_kimg": 0.02, "diff_augment": True},
    "spectral": {"spectral_norm": True, "loss": "hinge"},
    "noise": {"instance_noise": True, "feature_matching": True, "minibatch_discrimination": True},
    "penalties": {"gradient_penalty": True, "dragan": True, "consistency": True, "packing": True},
    "style": {**STYLE, "path_length.interval": 2, "r1.interval": 3},
}


class Repeated:
    """Stands for a CUDA graph where there is none: does the work anew each time."""

    made: "list[Repeated]" = []  # noqa: RUF012 - cleared by the fixture

    def __init__(self) -> None:
        self.made.append(self)
        self.times = 0

    def record(self, work: Callable[[], object]) -> None:
        self._work = work

    def replay(self) -> object:
        self.times += 1
        return self._work()


class Refused(Repeated):
    """Work that cannot be recorded."""

    def record(self, work: Callable[[], object]) -> None:
        del work
        raise RuntimeError("operation not permitted when stream is capturing")


@pytest.fixture(autouse=True)
def none_made() -> Iterator[None]:
    Repeated.made.clear()
    yield
    Repeated.made.clear()


def config_of(name: str) -> TrainingConfig:
    return with_settings(TrainingConfig(network_config=SMALL, parts={"r1": {}}, kimg=2.0, batch_size=4), CASES[name])


def pair_with(config: TrainingConfig, make: Callable[[], Any]) -> Pair:
    """A pair that records, on a processor: with the optimisers of one on a GPU."""
    pair = Pair(config, CPU)
    pair.generator_optimizer = make_optimizer(config, pair._generator_weights, config.generator_lr)
    pair.recorder = Recorder(pair.learner, pair.draws, make)
    return pair


def play(pair: Pair, rounds: int, first: int = 0) -> list[dict[str, float]]:
    random, size = torch.Generator().manual_seed(first), pair.generator.spec.resolution
    told = []
    for step in range(first, first + rounds):
        images = torch.rand(4, 3, size, size, generator=random) * 2 - 1
        played = pair.play(RepeatedBatch(Batch(images, None)), step, step * 0.004)
        told.append({name: float(value) for name, value in played.scalars.items()})
    return told


def weights_of(pair: Pair) -> dict[str, torch.Tensor]:
    networks = {"generator": pair.generator, "discriminator": pair.discriminator, "averaged": pair.averaged}
    own = {f"{k}.{name}": value for k, network in networks.items() for name, value in network.state_dict().items()}
    for name, part in pair.parts.items():
        own |= {f"{name}.{key}": value for key, value in part.state().items() if key != "strength"}
    return own


@pytest.mark.parametrize("name", sorted(CASES))
def test_replayed_rounds_are_played_rounds(name):
    config = config_of(name)
    played, replayed = (pair_with(config, make) for make in (Refused, Repeated))
    assert played.recorder is not None
    played.recorder.refusal = "never recorded here"
    assert play(played, 12) == play(replayed, 12)
    assert replayed.recorder is not None
    assert replayed.recorder.replayed > 0
    assert replayed.recorder.refusal == ""
    assert played.recorder.replayed == 0
    for key, value in weights_of(played).items():
        assert torch.equal(value, weights_of(replayed)[key]), key


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_a_round_changes_stays_where_it_is_in_memory(name):
    """A graph reads and writes the places that it was recorded with."""
    pair = pair_with(config_of(name), Repeated)
    play(pair, 6)
    moments = [value for own in pair.discriminator_optimizer.state.values() for value in own.values()]
    before = {key: value.data_ptr() for key, value in weights_of(pair).items()}
    places = [value.data_ptr() for value in moments]
    play(pair, 4, first=6)
    assert {key: value.data_ptr() for key, value in weights_of(pair).items()} == before
    assert [value.data_ptr() for value in moments] == places


class Eavesdropper(TorchDispatchMode):
    """Notes operations that on a GPU would ask it for numbers, or bring some to it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        name = func.name().partition(".")[0].removeprefix("aten::")
        makes = name in ("zeros", "ones", "eye", "arange", "full", "rand", "randn", "randint", "empty", "scalar_tensor")
        if name in ("_local_scalar_dense", "is_nonzero", "nonzero", "lift_fresh", "masked_select", "unique"):
            self.heard.add(name)
        elif makes and kwargs.get("device") is None:
            self.heard.add(f"{name} on no device")
        return func(*args, **kwargs)


def one_hot_of_a_gpu(labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    """As torch computes it there: without looking whether the labels are in range."""
    return torch.zeros(len(labels), num_classes, dtype=labels.dtype, device=labels.device).scatter_(
        1, labels[:, None], 1
    )


@pytest.fixture(autouse=True)
def computed_as_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.nn.functional, "one_hot", one_hot_of_a_gpu)


def listened_to(config: TrainingConfig, labels: torch.Tensor | None = None) -> set[str]:
    pair = pair_with(config, Repeated)
    spec = pair.generator.spec
    count = config.batch_size
    images = torch.rand(count, spec.channels, spec.resolution, spec.resolution) * 2 - 1
    moment = pair.moment(0, 0.1)
    steps = pair.discriminator_steps(moment)
    pair._learn(RepeatedBatch(Batch(images, labels)), moment, min(steps, 2), waits=False)  # optimisers have moments
    with pair.learner.deferring(), Eavesdropper() as ear:
        pair._learn(RepeatedBatch(Batch(images, labels)), moment, min(steps, 2), waits=False)
    return ear.heard


@pytest.mark.parametrize("name", sorted(set(PRESETS.names())))
def test_a_recorded_round_asks_the_device_for_nothing(name):
    facts = Facts(32, 3, 3, 500)
    config = replace(PRESETS[name].configure(facts), batch_size=4, threads=1, device="cpu", precision="float32")
    labels = torch.arange(4) % 3 if config.network_config.get("num_classes") else None
    if not may_record(replace(config, recorded=True), torch.device("cuda"), 1):
        pytest.skip(f"{config.optimizer} is never recorded")
    assert listened_to(config, labels) == set()


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_part_asks_the_device_for_anything(name):
    assert listened_to(config_of(name)) == set()


def test_every_part_says_whether_it_can_be_recorded():
    told = {name: PARTS[name].is_alike or "branch" in PARTS[name].__dict__ for name in PARTS.names()}
    assert [name for name, is_told in told.items() if not is_told] == []


def test_broken_numbers_teach_nobody_and_are_told_a_round_later():
    pair = pair_with(config_of("falling"), Repeated)
    play(pair, WARM_UP + 2)
    learners = [*pair.generator.parameters(), *pair.discriminator.parameters()]
    before = [weight.detach().clone() for weight in learners]
    broken = RepeatedBatch(Batch(torch.full((4, 3, 28, 28), float("nan")), None))
    pair.play(broken, 4, 0.016)
    assert all(torch.equal(old, new) for old, new in zip(before, learners, strict=True))
    with pytest.raises(TrainingDivergedError, match="no number"):
        play(pair, 1, first=5)
    assert all(math.isfinite(value) for value in play(pair, 1, first=6)[0].values())


def test_what_cannot_be_recorded_is_played_with_the_same_chance():
    config = config_of("falling")
    refused, plain = pair_with(config, Refused), pair_with(config, Repeated)
    assert plain.recorder is not None
    assert refused.recorder is not None
    refused.recorder._make = lambda: (refused.draws.normal(3, 4), Refused())[1]  # one that fails half way has drawn
    plain.recorder.refusal = "never recorded here"
    assert play(refused, 6) == play(plain, 6)
    assert "capturing" in refused.recorder.refusal
    assert len(Repeated.made) == 1  # and is not tried again


def test_a_restored_state_is_recorded_anew(tmp_path):
    config = config_of("falling")
    pair = pair_with(config, Repeated)
    play(pair, 5)
    run = RunFolder(tmp_path / "run")
    run.create(config, {})
    save_state(run.state_path(5), pair, Progress(5, 20))
    load_newest_state(run, pair)
    made = len(Repeated.made)
    play(pair, WARM_UP, first=5)
    assert len(Repeated.made) == made
    play(pair, 1, first=5 + WARM_UP)
    assert len(Repeated.made) == made + 1


def test_old_recordings_make_room(monkeypatch):
    monkeypatch.setattr(recording, "KEPT", 1)
    pair = pair_with(config_of("lazy_r1"), Repeated)
    play(pair, 10)
    assert pair.recorder is not None
    assert len(pair.recorder._kept) == 1
    assert pair.recorder.replayed > 2


def test_rounds_are_recorded_on_a_gpu_alone_where_nothing_forbids():
    config, gpu = config_of("falling"), torch.device("cuda")
    assert may_record(config, gpu, 1)
    assert not may_record(config, CPU, 1)
    assert not may_record(config, gpu, 2)
    for other in ({"recorded": False}, {"optimizer": "rmsprop"}, {"accumulation": 2}, {"compiled": True}):
        assert not may_record(with_settings(config, other), gpu, 1)
