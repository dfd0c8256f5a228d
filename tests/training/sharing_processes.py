"""Runs that several processes share or one plays alone: `python -m tests.training.sharing_processes FOLDER CASE ...`.

Started by `test_processes.py` with the environment that torchrun gives. The first process says its warnings on stdout.
"""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ganstudio.losses import zero_centred
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.events import StepDone, TrainingWarned
from ganstudio.training.processes import join_processes
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train

ROOT = Path(__file__).parents[2]
STYLE = {"resolution": 16, "z_dim": 6, "w_dim": 6, "widths": (8, 8, 6), "mapping_widths": (6, 6), "label_width": 6}
PENALTIES = {"r1": {"interval": 2}, "r2": {"gamma": 0.5}}
ROUNDS = 5


@dataclass(frozen=True)
class Pictures:
    """Noise with two classes."""

    pixels: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...] = ("a", "b")
    digest: str = "noise"


def make_pictures(size: int) -> Pictures:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (48, size // 4, size // 4, 1), dtype=np.uint8).repeat(4, 1).repeat(4, 2)
    return Pictures(pixels, np.arange(48) % 2)


def make_config(case: str) -> TrainingConfig:
    """The settings of a case: tiny networks with all that compares pictures of a batch."""
    common = TrainingConfig(kimg=ROUNDS * 0.008, batch_size=8, parts=PENALTIES, ema_kimg=0.05, x_flip=True, threads=1,
                            device="cpu", sample_count=4, holdout=0.0, generator_lr=1e-3, discriminator_lr=1e-3,
                            beta1=0.0, log_kimg=0.008, state_seconds=3600.0)  # fmt: skip
    pictures = {"resolution": 28, "channels": 1, "num_classes": 0, "z_dim": 8}
    dcgan = {**pictures, "base_channels": 4, "max_channels": 8}
    if case == "mlp":
        network = {**pictures, "num_classes": 2, "hidden": 16, "layers": 1}
        return replace(common, network="mlp", network_config=network, loss="relativistic_average")
    if case == "dcgan":
        return replace(common, network_config=dcgan)
    if case == "normalised":  # the discriminator's batch norms, too, and parts that compare or draw
        parts = {"minibatch_discrimination": {"kernels": 3, "length": 2}, "instance_noise": {}, "diff_augment": {}}
        return replace(common, network_config={**dcgan, "discriminator_batch_norm": True}, parts=parts)
    if case == "spectral":
        parts = {"spectral_norm": {}, "packing": {}, "gradient_penalty": {}}
        return replace(common, network_config=dcgan, parts=parts, loss="hinge")
    if case == "cured":
        parts = {"adaptive_augmentation": {"start": 0.4, "interval": 2}, "lecam": {"wait_kimg": 0.0},
                 "consistency": {}, "feature_matching": {}}  # fmt: skip
        return replace(common, network_config=dcgan, parts=parts, loss="hinge")
    assert case == "stylegan2"
    network = {**STYLE, "channels": 1, "num_classes": 2}
    parts = {**PENALTIES, "path_length": {"interval": 2}}
    return replace(common, network="stylegan2", network_config=network, parts=parts, loss="relativistic")


def play(folder: Path, case: str, rounds: int = ROUNDS, resume: bool = False) -> None:
    """Train a case for so many rounds in all, alone or with others."""
    config = replace(make_config(case), kimg=rounds * 0.008)
    for event in train(config, make_pictures(config.network_config["resolution"]), RunFolder(folder / case), resume):
        if isinstance(event, TrainingWarned):
            print(event.message, flush=True)


def play_in_part(folder: Path, case: str) -> None:
    """Train for three of five rounds."""
    config = replace(make_config(case), kimg=ROUNDS * 0.008)
    events = train(config, make_pictures(config.network_config["resolution"]), RunFolder(folder / case))
    for event in events:
        if isinstance(event, StepDone) and event.step == 3:
            break
    events.close()


def play_until_the_second_leaves(folder: Path, case: str, dies: bool) -> None:
    """Train for long; the second process is asked to stop after the third round, or ends there without a word."""
    config = replace(make_config(case), kimg=100.0)
    events = train(config, make_pictures(config.network_config["resolution"]), RunFolder(folder / case))
    for event in events:
        if isinstance(event, StepDone) and event.step == 3 and os.environ["RANK"] == "1":
            if dies:
                os._exit(3)
            events.close()
            return


def play_with_broken_numbers(folder: Path, case: str) -> None:
    """Train eight rounds with a state after each; in four of them the second process's penalty is no number."""
    right, calls = zero_centred.zero_centred_penalty, iter(range(10_000))

    def penalty(images: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        value = right(images, logits)
        return value * torch.nan if os.environ["RANK"] == "1" and next(calls) in (2, 8, 9, 10) else value

    zero_centred.zero_centred_penalty = penalty
    try:
        config = with_settings(make_config(case), {"kimg": 8 * 0.008, "state_seconds": 0.0, "r1.interval": 1})
        run = RunFolder(folder / case)
        for event in train(config, make_pictures(config.network_config["resolution"]), run):
            if isinstance(event, TrainingWarned):
                print(event.message, flush=True)
    finally:
        zero_centred.zero_centred_penalty = right


def start_together(folder: Path, *cases: str, total: int = 2) -> list[tuple[int, str]]:
    """Run cases in so many processes; returns exit codes and what each said."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = []
    for rank in range(total):
        own = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": total, "LOCAL_WORLD_SIZE": total, "MASTER_PORT": port}
        environment = {**os.environ, **{name: str(value) for name, value in own.items()}}
        environment |= {"MASTER_ADDR": "127.0.0.1", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.training.sharing_processes", str(folder), *cases]
        processes.append(
            subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        )
    try:
        said = [process.communicate(timeout=60)[0].decode() for process in processes]
    finally:
        for process in processes:
            process.kill()
    return [(process.returncode, text) for process, text in zip(processes, said, strict=True)]


def main() -> None:
    """Play the cases that were named, all in one meeting of the processes."""
    torch.set_num_threads(1)
    with join_processes():
        for name in sys.argv[2:]:
            how, _, case = name.rpartition("-")
            ACTS[how](Path(sys.argv[1]) / how, case)


ACTS = {
    "": play,
    "broken": play_with_broken_numbers,
    "part": play_in_part,
    "stop": lambda folder, case: play_until_the_second_leaves(folder, case, dies=False),
    "die": lambda folder, case: play_until_the_second_leaves(folder, case, dies=True),
}


if __name__ == "__main__":
    main()
