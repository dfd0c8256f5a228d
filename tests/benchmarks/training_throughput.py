"""Training speed beside a bare loop, a tutorial's loop and the open window; and how late the window's event loop gets.

Run: python tests/benchmarks/training_throughput.py [--preset balanced] [--blocks 20] [--rounds 3] [--steps 300].

First, in one process with one thread, loops that do the same mathematics play a few steps each in turn, over and over:
the program's trainer, a bare step, and the loop of PyTorch's DCGAN example (see `training_loops.py`). Ratios are
medians over neighbouring blocks, so that whatever else the machine does hits all alike. Then the trainer runs headless
and beside the open window, in fresh processes in turn, with the lateness of a 10 ms timer in the window's thread.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

PRESET, RESOLUTION, WARM_UP, BLOCK = "balanced", 32, 20, 6


def main() -> None:
    """Measure in turn and print, or (with --role) be one of the measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default=PRESET)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3, help="0: only the loops")
    parser.add_argument("--blocks", type=int, default=20, help="0: only the window")
    parser.add_argument("--role", choices=sorted(ROLES))
    options = parser.parse_args()
    if options.role:
        print(json.dumps(ROLES[options.role](options.steps)))
        return
    if options.blocks:
        compare_loops(options.preset, options.blocks)
    if options.rounds:
        compare_with_window(options.steps, options.rounds)


def compare_loops(preset: str, blocks: int) -> None:
    """Let loops that do the same mathematics play in turn, and print their speeds and ratios."""
    import torch

    torch.set_num_threads(1)
    dataset, config = prepare(preset)
    config = replace(config, threads=1, device="cpu")
    batch_norm = {**config.network_config, "discriminator_batch_norm": True}
    cases = [
        (f"{preset} as it is", config, ("engine", "bare", "engine_bfloat16")),
        (f"{preset} without penalty", replace(config, parts={}), ("engine", "bare", "tutorial", "tutorial_folder")),
    ]
    if config.network == "dcgan":
        normalised = replace(config, parts={}, network_config=batch_norm)
        cases.append((f"{preset}, D normalised as in the example", normalised, cases[1][2]))
    for title, settings, names in cases:
        seconds = time_in_turn(settings, dataset, names, blocks)
        print(f"{title} ({blocks} blocks of {BLOCK} steps, 1 thread)")
        for name in names:
            speed = settings.batch_size * BLOCK / statistics.median(seconds[name])
            ratio = statistics.median(b / a for a, b in zip(seconds["engine"], seconds[name], strict=True))
            print(f"  {name:16} {speed:8.1f} images/s   engine / {name} {ratio:.3f}")


def time_in_turn(config: Any, dataset: Any, names: tuple[str, ...], blocks: int) -> dict[str, list[float]]:
    """Seconds of each block of steps, by loop; the first block of each is not counted."""
    import torch
    from training_loops import LOOPS

    loops = {name: LOOPS[name](config, dataset) for name in names}
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for block in range(blocks + 1):
        for name, loop in loops.items():
            torch.set_flush_denormal(name == "engine")  # which it sets itself; a tutorial does not
            begun = time.perf_counter()
            for _ in range(BLOCK):
                next(loop)
            if block:
                seconds[name].append(time.perf_counter() - begun)
    for loop in loops.values():
        loop.close()  # type: ignore[attr-defined] # a generator
    return seconds


def compare_with_window(steps: int, rounds: int) -> None:
    """Run the trainer headless and in the window, in fresh processes in turn, and print."""
    results: dict[str, list[dict[str, float]]] = {role: [] for role in ROLES}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(rounds):
            for role in ROLES:
                results[role].append(run_role(role, steps, home))
    speeds = {role: [found["speed"] for found in results[role]] for role in ROLES}
    for role, found in speeds.items():
        print(f"{role:10} {statistics.median(found):7.1f} images/s   ({steps} steps, median of {rounds})")
    ratio = statistics.median(b / a for a, b in zip(speeds["headless"], speeds["window"], strict=True))
    print(f"window / headless  {ratio:.3f}")
    for name in ("late_p99_ms", "late_worst_ms"):
        values = [found[name] for found in results["window"]]
        print(f"event loop {name:14} {statistics.median(values):6.1f}   ({min(values):.1f} to {max(values):.1f})")


def run_role(role: str, steps: int, home: str) -> dict[str, float]:
    """Be one of the measured, in a fresh process."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "GANSTUDIO_HOME": home}
    command = [sys.executable, __file__, "--role", role, "--steps", str(steps)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def prepare(preset: str = PRESET) -> tuple[Any, Any]:
    """The prepared pictures and the configuration that all use."""
    from ganstudio.datasets.builtin import AvatarSource
    from ganstudio.datasets.fitting import PreparationConfig
    from ganstudio.datasets.preparation import DatasetPrepared
    from ganstudio.datasets.preparation import prepare as prepare_pictures
    from ganstudio.training.presets.base import with_length
    from ganstudio.training.presets.catalogue import PRESETS

    events = prepare_pictures(AvatarSource(2000), PreparationConfig(RESOLUTION, 3))
    dataset = next(event.dataset for event in events if isinstance(event, DatasetPrepared))
    facts = replace(dataset.facts(), class_count=0)
    return dataset, with_length(PRESETS[preset].configure(facts), 400)


def train_headless(steps: int) -> dict[str, float]:
    """The program's trainer, driven by a loop."""
    return {"speed": time_steps(make_events(), steps)}


def make_events() -> Iterator[object]:
    """The events of a fresh run."""
    from ganstudio.training.runs.run_folder import RunFolder
    from ganstudio.training.trainer import train

    dataset, config = prepare()
    return train(config, dataset, RunFolder(Path(tempfile.mkdtemp()) / "run"))


def time_steps(events: Iterator[object], steps: int) -> float:
    """Drive a run through so many steps; images/s without the first ones."""
    from ganstudio.training.events import StepDone

    begun, first, last = 0.0, 0.0, 0.0
    for event in events:
        if isinstance(event, StepDone):
            last = event.kimg
            if event.step == WARM_UP:
                begun, first = time.perf_counter(), event.kimg
            elif event.step >= WARM_UP + steps:
                break
    seconds = time.perf_counter() - begun
    events.close()  # type: ignore[attr-defined] # a generator
    return (last - first) * 1000 / seconds


def train_in_window(steps: int) -> dict[str, float]:
    """The program's trainer in a job, while the window shows Explore with the built-in model and draws new pictures."""
    from benchmark_window import open_window
    from PySide6.QtCore import QEventLoop, QTimer

    from ganstudio.gui.jobs import Job

    found: dict[str, float] = {}
    lateness: list[float] = []

    def work() -> Iterator[float]:
        yield time_steps(make_events(), steps)

    with open_window() as window:
        loop = QEventLoop()
        job = Job(work, "benchmark")
        job.progressed.connect(lambda speeds: found.update(speed=speeds[-1]))
        job.finished.connect(loop.quit)
        window.jobs.start(job)
        QTimer.singleShot(3000, lambda: watch_lateness(lateness))
        loop.exec()
    ordered = sorted(lateness)
    found["late_p99_ms"] = ordered[int(0.99 * len(ordered))]
    found["late_worst_ms"] = ordered[-1]
    return found


def watch_lateness(lateness: list[float]) -> None:
    """Note by how much a 10 ms timer of the window's thread is late."""
    from PySide6.QtCore import QCoreApplication, QTimer

    timer = QTimer(QCoreApplication.instance(), interval=10)
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        lateness.append(max(0.0, (now - last[0]) * 1000 - 10))
        last[0] = now

    timer.timeout.connect(tick)
    timer.start()


ROLES: dict[str, Callable[[int], dict[str, float]]] = {
    "headless": train_headless,
    "window": train_in_window,
}


if __name__ == "__main__":
    main()
