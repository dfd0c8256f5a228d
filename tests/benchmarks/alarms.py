"""Alarms on real trainings: each ill provoked on purpose, and healthy runs that must stay silent all the way.

Run: python tests/benchmarks/alarms.py [--only CASE ...] [--seeds 1] [--out FILE].
Each case is trained by the events that `ganstudio train` loops over, on the built-in avatars, and judged whenever a
point or a score is added. Printed: which alarms rang, from when on, whether they stand at the end, and what the case
was made for. One line of JSON a case and seed goes to FILE, where those that are in it already are not trained again.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.training.config import with_settings
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.events import ScalarsLogged, ScoreMeasured
from ganstudio.training.origin import Origin, prepare_and_train
from ganstudio.training.presets.base import with_length
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.health import diagnose

HEALTHY = ""
PAIRED = {"loss": "relativistic", "r2": True, "r1.gamma": 0.1, "r2.gamma": 0.1, "generator_lr": 1e-3,
          "discriminator_lr": 1e-3, "network_config.z_dim": 8}  # fmt: skip
MINIMAX = {"loss": "minimax", "discriminator_lr": 2e-3}


@dataclass(frozen=True)
class Case:
    """A training.

    Attributes:
        expected: The alarm that must ring, or HEALTHY: none may.
        preset: The recipe that it starts from.
        kimg: How long.
        pictures: How many.
        settings: What is done to it.
        squares: Whether the pictures are bright squares, which are easier to learn by heart than avatars.
    """

    expected: str
    preset: str
    kimg: float
    pictures: int = 2000
    settings: Mapping[str, Any] = field(default_factory=dict)
    squares: bool = False


CASES: Mapping[str, Case] = {
    "healthy_recommended": Case(HEALTHY, "recommended", 12, settings={"network_config.base_channels": 16}),
    "healthy_r1": Case(HEALTHY, "quick", 30),
    "healthy_wgan_gp": Case(HEALTHY, "wgan_gp", 30, settings={"network_config.base_channels": 16}),
    "healthy_mlp": Case(HEALTHY, "first_gan", 60),
    "healthy_pairs_mlp": Case(HEALTHY, "first_gan", 60, settings={"loss": "relativistic", "r2": True}),
    "collapse": Case("Mode collapse", "gan_2014", 40, settings={"generator_lr": 2e-3, "discriminator_lr": 2e-4}),
    "healthy_augmented": Case(HEALTHY, "quick", 30, settings={"diff_augment": True}),
    "healthy_adaptive": Case(HEALTHY, "quick", 40, settings={"adaptive_augmentation.start": 0.6}),
    "leak": Case("Augmentation leaks", "quick", 40, settings={"adaptive_augmentation.start": 1.0,
                 "adaptive_augmentation.cap": 1.0, "adaptive_augmentation.speed_kimg": 1e5}),
    "memorised": Case("Training pictures are copied", "first_gan", 60, 44, {**PAIRED, "holdout": 0.5}, squares=True),
    "overfit": Case("The discriminator learns by heart", "quick", 20, 60, {"holdout": 0.5, "r1": False}),
    "numbers": Case("Something failed", "gan_2014", 5,
                    settings={"loss": "wasserstein", "r1.gamma": 1e6, "generator_lr": 1.0, "discriminator_lr": 1.0}),
    "vanishing": Case("The generator's gradient has vanished", "gan_2014", 20,
                      settings={**MINIMAX, "generator_lr": 1e-5}),
    "wins": Case("The discriminator wins", "gan_2014", 20, settings={"generator_lr": 1e-5, "discriminator_lr": 1e-3}),
    "lost": Case("The discriminator is lost", "gan_2014", 20, settings={"discriminator_lr": 1e-7}),
    "no_progress": Case("No progress", "first_gan", 30, settings={"generator_lr": 1e-7, "discriminator_lr": 1e-7}),
    "exploding": Case("Gradients explode", "gan_2014", 5,
                      settings={"loss": "wasserstein", "generator_lr": 1.0, "discriminator_lr": 1.0}),
    "late_collapse": Case("Mode collapse", "gan_2014", 60, settings={"generator_lr": 6e-4}),
}  # fmt: skip


def main() -> None:
    """Train all cases that are not in the file and print what rang."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=tuple(CASES), default=list(CASES))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("alarms.jsonl"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    known = [json.loads(line) for line in options.out.read_text().splitlines()] if options.out.exists() else []
    done = {(line["case"], line["seed"]) for line in known}
    for seed in range(options.seeds):
        for name in options.only:
            if (name, seed) not in done:
                line = train_one(name, CASES[name], seed)
                with options.out.open("a") as file:
                    file.write(json.dumps(line) + "\n")
                print_line(line)


def train_one(name: str, case: Case, seed: int) -> dict[str, Any]:
    """Train one case; what rang, in kimg: from when on, and until when."""
    begun, rang, history = time.process_time(), {}, RunHistory()
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder) / name)
        origin = Origin(place_of(case, Path(folder)), PreparationConfig(28, 1), use_labels=False)
        try:
            for event in prepare_and_train(origin, lambda facts: configure(case, facts, seed), run):
                history.add(event)
                if isinstance(event, ScalarsLogged | ScoreMeasured):
                    for finding in diagnose(history):
                        first, _last = rang.get(finding.title, (history.kimg, history.kimg))
                        rang[finding.title] = (first, history.kimg)
        except TrainingDivergedError as error:
            rang["Something failed"] = (history.kimg, history.kimg)
            print(error)
    score = history.scores[-1] if history.scores else {}
    return {"case": name, "seed": seed, "expected": case.expected, "rang": rang,
            "standing": [finding.title for finding in diagnose(history)],
            "score": {key: round(value, 4) for key, value in score.items()},
            "cpu_seconds": round(time.process_time() - begun)}  # fmt: skip


def place_of(case: Case, folder: Path) -> str:
    """Where a case's pictures are."""
    if not case.squares:
        return f"avatars:{case.pictures}"
    random = np.random.default_rng(0)
    pictures = np.zeros((case.pictures, 28, 28), np.uint8)
    for picture in pictures:
        top, left = random.integers(0, 16, 2)
        picture[top : top + 12, left : left + 12] = random.integers(150, 256)
    np.savez(folder / "squares.npz", images=pictures)
    return str(folder / "squares.npz")


def configure(case: Case, facts: Any, seed: int) -> Any:
    """The settings of a case: forty scores and a hundred and sixty points, however long it is."""
    config = with_length(PRESETS[case.preset].configure(facts), case.kimg)
    often = {"score_kimg": case.kimg / 40, "sample_kimg": case.kimg, "snapshot_kimg": case.kimg,
             "log_kimg": case.kimg / 160, "threads": 1, "device": "cpu", "seed": seed}  # fmt: skip
    return with_settings(config, {**often, **case.settings})


def print_line(line: dict[str, Any]) -> None:
    """What rang in one case, and whether that is as it should be."""
    expected = line["expected"]
    right = expected in line["rang"] if expected else not line["rang"]
    told = "; ".join(f"{title} {first:.1f}-{last:.1f}" for title, (first, last) in line["rang"].items()) or "silent"
    verdict = "ok " if right else "BAD"
    print(f"{verdict} {line['case']} {line['seed']} ({line['cpu_seconds']} s): {told}  {line['score']}", flush=True)


if __name__ == "__main__":
    main()
