"""Training speed with the window open, without it, and a plain loop; and how late the window's event loop gets.

Run: python tests/benchmarks/training_throughput.py [--steps 300] [--rounds 3]. All three train the network of the
preset "balanced" on 32 px avatars with the same number of threads, in turn, in fresh processes; prints images/s as
medians, their ratios, and the lateness of a 10 ms timer in the window's thread while it trains.
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
from pathlib import Path
from typing import Any

PRESET, RESOLUTION, WARM_UP = "balanced", 32, 20


def main() -> None:
    """Measure in turn and print, or (with --role) be one of the measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--role", choices=sorted(ROLES))
    options = parser.parse_args()
    if options.role:
        print(json.dumps(ROLES[options.role](options.steps)))
        return
    results: dict[str, list[dict[str, float]]] = {role: [] for role in ROLES}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(options.rounds):
            for role in ROLES:
                results[role].append(run_role(role, options.steps, home))
    speeds = {role: statistics.median(found["speed"] for found in results[role]) for role in ROLES}
    for role, speed in speeds.items():
        print(f"{role:10} {speed:7.1f} images/s   ({options.steps} steps, median of {options.rounds})")
    print(f"headless / plain   {speeds['headless'] / speeds['plain']:.3f}")
    print(f"window / headless  {speeds['window'] / speeds['headless']:.3f}")
    print(f"window / plain     {speeds['window'] / speeds['plain']:.3f}")
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


def prepare() -> tuple[Any, Any]:
    """The prepared pictures and the configuration that all three use."""
    from dataclasses import replace

    from ganstudio.datasets.builtin import AvatarSource
    from ganstudio.datasets.fitting import PreparationConfig
    from ganstudio.datasets.preparation import DatasetPrepared
    from ganstudio.datasets.preparation import prepare as prepare_pictures
    from ganstudio.training.presets.base import with_length
    from ganstudio.training.presets.catalogue import PRESETS

    events = prepare_pictures(AvatarSource(2000), PreparationConfig(RESOLUTION, 3))
    dataset = next(event.dataset for event in events if isinstance(event, DatasetPrepared))
    facts = replace(dataset.facts(), class_count=0)
    return dataset, with_length(PRESETS[PRESET].configure(facts), 400)


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


def train_plain(steps: int) -> dict[str, float]:
    """The same networks, losses and pictures in a loop as a tutorial writes it."""
    import torch

    from ganstudio.devices import default_threads
    from ganstudio.images import from_uint8
    from ganstudio.losses.zero_centred import zero_centred_penalty
    from ganstudio.networks.catalogue import NETWORKS

    torch.set_num_threads(default_threads())
    dataset, config = prepare()
    architecture = NETWORKS[config.network]
    network = architecture.make_config(config.network_config)
    random = torch.Generator().manual_seed(0)
    generator = architecture.build_generator(network, random).to(memory_format=torch.channels_last)
    discriminator = architecture.build_discriminator(network, random).to(memory_format=torch.channels_last)
    optimizers = [
        torch.optim.Adam(net.parameters(), 3e-4, (0.5, 0.99), fused=True) for net in (generator, discriminator)
    ]
    softplus = torch.nn.functional.softplus
    size, begun = config.batch_size, 0.0
    for step in range(WARM_UP + steps):
        if step == WARM_UP:
            begun = time.perf_counter()
        rows = torch.randint(0, len(dataset.pixels), (size,)).numpy()
        real = from_uint8(dataset.pixels[rows]).requires_grad_(step % config.parts["r1"]["interval"] == 0)
        with torch.no_grad():
            fake = generator(torch.randn(size, network.z_dim))
        logits = discriminator(real)
        loss = softplus(-logits).mean() + softplus(discriminator(fake)).mean()
        if real.requires_grad:
            loss = loss + zero_centred_penalty(real, logits) * (
                config.parts["r1"]["gamma"] / 2 * config.parts["r1"]["interval"]
            )
        optimizers[1].zero_grad()
        loss.backward()
        optimizers[1].step()
        discriminator.requires_grad_(False)
        loss = softplus(-discriminator(generator(torch.randn(size, network.z_dim)))).mean()
        optimizers[0].zero_grad()
        loss.backward()
        optimizers[0].step()
        discriminator.requires_grad_(True)
    return {"speed": size * steps / (time.perf_counter() - begun)}


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
    "plain": train_plain,
    "headless": train_headless,
    "window": train_in_window,
}


if __name__ == "__main__":
    main()
