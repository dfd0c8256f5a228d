"""Kills a headless training at random moments, resumes it each time, and says what was lost.

python tests/benchmarks/kills.py [--kills 200] [--longest 1.2] [--state-seconds 0.15]

A tiny DCGAN with penalty, average and flips saves its state, samples, scores, snapshots and records far more often than
a real run does, so that many kills fall into a write or into the resuming itself. Each life is a forked process that is
ended by SIGKILL; it tells through shared memory how far it came and which state it had told of. In the end the run goes
on once more, and its state is compared bit for bit with that of a run that was never killed.
"""

import argparse
import hashlib
import json
import multiprocessing
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import torch

from ganstudio.checkpoints.formats.native import read_file
from ganstudio.training.config import TrainingConfig
from ganstudio.training.events import StateSaved, StepDone, TrainingStarted, TrainingWarned
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.conftest import TinyPictures

NETWORK = {"resolution": 28, "channels": 1, "num_classes": 0, "z_dim": 8, "base_channels": 4, "max_channels": 8}
RESUMED, REACHED, SAVED, WARNED, UNREADABLE = range(5)
FORK = multiprocessing.get_context("fork")


@dataclass
class Tally:
    """What came of all lives."""

    resumed: int = 0
    failed: int = 0
    unreadable: int = 0
    in_start: int = 0
    beyond_interval: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    bad_records: list[str] = field(default_factory=list)


def make_config(state_seconds: float) -> TrainingConfig:
    """Everything that carries state, saved all the time."""
    return TrainingConfig(
        network_config=NETWORK, kimg=100_000.0, batch_size=8, parts={"r1": {"interval": 2}}, ema_kimg=0.05,
        x_flip=True, threads=1, device="cpu", sample_kimg=0.4, snapshot_kimg=0.4, score_kimg=1.6, log_kimg=0.024,
        state_seconds=state_seconds, sample_count=4,
    )  # fmt: skip


def make_pictures() -> TinyPictures:
    """Bright squares."""
    chance = np.random.default_rng(0)
    pixels = np.zeros((40, 28, 28, 1), np.uint8)
    for picture in pixels:
        top, left = chance.integers(2, 14, 2)
        picture[top : top + 8, left : left + 8] = chance.integers(150, 256)
    return TinyPictures(pixels, np.arange(40, dtype=np.int64) % 2, ("a", "b"))


def live(path: Path, config: TrainingConfig, told: Any, last_step: int | None) -> None:
    """Train until killed, or to a step."""
    torch.set_num_threads(1)
    run = RunFolder(path)
    events = train(config, make_pictures(), run, resume=run.exists)
    for event in events:
        if isinstance(event, TrainingStarted):
            told[RESUMED] = told[REACHED] = event.resumed_at_kimg
        elif isinstance(event, StepDone):
            told[REACHED] = event.kimg
            if event.step == last_step:
                break
        elif isinstance(event, StateSaved):
            told[SAVED] = event.kimg
        elif isinstance(event, TrainingWarned):
            told[WARNED] += 1
            told[UNREADABLE] += "one before" in event.message
    events.close()


def kill_once(path: Path, config: TrainingConfig, wait_s: float, tally: Tally) -> None:
    """One life; counts what the one before it had lost."""
    told = FORK.RawArray("d", [-1.0, 0.0, -1.0, 0.0, 0.0])
    process = FORK.Process(target=live, args=(path, config, told, None))
    process.start()
    process.join(wait_s)
    if process.exitcode is not None:
        tally.failed += 1
        return
    process.kill()
    process.join()
    tally.unreadable += int(told[UNREADABLE])
    if told[RESUMED] < 0:
        tally.in_start += 1
    else:
        tally.resumed += 1
        _count_lost(path, told, tally)
    tally.bad_records += bad_records(RunFolder(path))


def _count_lost(path: Path, told: Any, tally: Tally) -> None:
    states = RunFolder(path).states()
    kept = states[-1][0] if states else 0.0
    tally.lost.append(max(0.0, told[REACHED] - kept))
    tally.beyond_interval.append(max(0.0, max(told[SAVED], told[RESUMED]) - kept))


def bad_records(run: RunFolder) -> list[str]:
    """What cannot be read after a kill, beside a last line that the kill cut."""
    found: list[str] = []
    for path in run.path.glob("*.json"):
        try:
            json.loads(path.read_text())
        except ValueError:
            found.append(path.name)
    for path in run.path.glob("*.jsonl"):
        for line in path.read_text().splitlines()[:-1]:
            try:
                json.loads(line)
            except ValueError:
                found.append(f"{path.name}: {line[:60]}")
    return found


def digest(run: RunFolder) -> str:
    """Of every bit of the newest state."""
    _, tensors = read_file(run.states()[-1][1])
    result = hashlib.sha256()
    for name in sorted(tensors):
        result.update(name.encode() + np.ascontiguousarray(tensors[name]).tobytes())
    return result.hexdigest()


def play_to(path: Path, config: TrainingConfig, step: int) -> str:
    """Let a run come to a step in a process of its own; returns its digest there."""
    process = FORK.Process(target=live, args=(path, config, FORK.RawArray("d", 5), step))
    process.start()
    process.join()
    assert process.exitcode == 0
    return digest(RunFolder(path))


def main() -> None:
    """Kill, resume, count, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--longest", type=float, default=1.2, help="seconds of the longest life")
    parser.add_argument("--state-seconds", type=float, default=0.15)
    options = parser.parse_args()
    chance, tally, config = random.Random(0), Tally(), make_config(options.state_seconds)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        live(Path(folder) / "warm", config, [0.0] * 5, 3)  # what is imported late is there before the first fork
        path = Path(folder) / "run"
        for _ in range(options.kills):
            kill_once(path, config, chance.uniform(0.02, options.longest), tally)
        last = round(RunFolder(path).states()[-1][0] * 1000 / config.batch_size) + 3
        is_equal = play_to(path, config, last) == play_to(Path(folder) / "whole", config, last)
        curves = [line["kimg"] for line in RunFolder(path).read("scalars")]
        whole = [line["kimg"] for line in RunFolder(Path(folder) / "whole").read("scalars")]
    print(f"{options.kills} kills in {time.perf_counter() - begun:.0f} s, a state every {options.state_seconds} s")
    print(f"lives that went on: {tally.resumed}; killed before they had begun to play: {tally.in_start}; "
          f"that could not go on: {tally.failed}")  # fmt: skip
    print(f"states that could not be read: {tally.unreadable}; records damaged: {len(tally.bad_records)} "
          f"{tally.bad_records[:3]}")  # fmt: skip
    print(f"lost since the last state: {max(tally.lost):.3f} kimg at most; "
          f"beyond the last state told of: {max(tally.beyond_interval):.3f} kimg at most")  # fmt: skip
    verdict = "equal" if is_equal else "NOT EQUAL"
    print(f"after {last} steps: {verdict} to a run never killed, bit for bit")
    print(
        f"points of the curves: {len(curves)}, {'the same' if curves == whole else 'not the same'} as its {len(whole)}"
    )


if __name__ == "__main__":
    main()
