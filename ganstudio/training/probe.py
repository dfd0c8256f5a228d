"""How long a run will take and how much memory it will need: a few real rounds are played and thrown away."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from ganstudio.devices import default_threads, physical_bytes, resident_bytes, resolve_device
from ganstudio.training.config import TrainingConfig
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game.batch import Batch
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import adopt_generator

WARM_UP = 2  # rounds that are not counted: memory is asked for, kernels are chosen
LEAST_ROUNDS = 4
FIRST_ROUND = 1024  # after the long first ones of a critic, and where penalties at intervals are due
OVERHEAD = 1.06  # samples, scores and states beside the rounds, as runs of every preset have them


@dataclass(frozen=True)
class ProbeProgress:
    """A round was played.

    Attributes:
        share: Of the time that the probe may take, 0 to 1.
    """

    share: float


@dataclass(frozen=True)
class Estimate:
    """What the probe found.

    Attributes:
        seconds: For the whole run.
        uncertainty: Of the seconds, as a share: how much rounds differed from each other.
        images_per_second: Real pictures shown in a second of training.
        memory_bytes: What the run needs beside the program itself; None where the system does not say.
        available_bytes: What there is for it.
    """

    seconds: float
    uncertainty: float
    images_per_second: float
    memory_bytes: int | None
    available_bytes: int

    @property
    def fits(self) -> bool:
        """Whether the memory suffices."""
        return self.memory_bytes is None or self.memory_bytes < 0.9 * self.available_bytes


def probe(config: TrainingConfig, seconds: float = 4.0) -> Iterator[ProbeProgress | Estimate]:
    """Play rounds of a run on random pictures, and extrapolate.

    Penalties at intervals, rounds of many discriminator steps and batches in parts are all met as in the run itself.

    Args:
        config: Settings of the run; nothing of it is written.
        seconds: How long it may take, about.

    Yields:
        ProbeProgress after each round, at last an Estimate.

    Raises:
        NetworkConfigError: The network cannot be built.
        TrainingError, CheckpointError: See `adopt_generator`.
        torch.OutOfMemoryError: There is not memory enough for a single round.
    """
    torch.set_num_threads(config.threads or default_threads())
    config = adopt_generator(config)
    device = resolve_device(config.device)
    before = _memory(device)
    pair = Pair(config, device)
    feed = RepeatedBatch(_random_batch(config, pair))
    times: list[float] = []
    peak, images, begun = before, 0, time.perf_counter()
    while len(times) < WARM_UP + LEAST_ROUNDS or time.perf_counter() - begun < seconds:
        started = time.perf_counter()
        images = pair.play(feed, FIRST_ROUND + len(times), 0.5 * config.kimg).images
        times.append(time.perf_counter() - started)
        peak = max(peak, _memory(device))
        yield ProbeProgress(min(1.0, (time.perf_counter() - begun) / seconds))
    yield _extrapolate(config, times[WARM_UP:], images, (peak - before) or None, device)


def _extrapolate(
    config: TrainingConfig, times: list[float], images: int, memory: int | None, device: torch.device
) -> Estimate:
    mean = sum(times) / len(times)
    spread = (sum((own - mean) ** 2 for own in times) / max(len(times) - 1, 1)) ** 0.5
    rounds = config.kimg * 1000 / images
    return Estimate(
        seconds=rounds * mean * OVERHEAD,
        uncertainty=max(0.1, 2 * spread / mean / len(times) ** 0.5),
        images_per_second=images / mean,
        memory_bytes=memory,
        available_bytes=_available(device),
    )


def _random_batch(config: TrainingConfig, pair: Pair) -> Batch:
    spec, random = pair.generator.spec, torch.Generator().manual_seed(0)
    count = config.batch_size
    images = torch.rand(count, spec.channels, spec.resolution, spec.resolution, generator=random) * 2 - 1
    labels = torch.arange(count) % spec.num_classes if spec.num_classes else None
    return Batch(images.to(pair.device), None if labels is None else labels.to(pair.device))


def _memory(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    return resident_bytes() or 0


def _available(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    return physical_bytes()
