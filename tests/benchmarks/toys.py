"""Losses and cures on a ring of 8 and a grid of 25 Gaussians, as in PacGAN: modes, high quality, divergence.

Run: python tests/benchmarks/toys.py [--mixtures ring grid] [--only NAME ...] [--rounds 10000] [--seeds 3] [--out FILE].
All rows have the same networks (128 x 3), batch (256), learning rate and number of generator steps; what is measured is
the averaged generator, on 2,500 points. One line of JSON a game in FILE, then means with their spread over the seeds.
"""

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from ganstudio.training.toys.distributions import Mixture, grid, ring
from ganstudio.training.toys.findings import ToyProgress, toy_findings
from ganstudio.training.toys.recipes import RECIPES, ROUNDS, configure
from ganstudio.training.toys.table import play_toy

MIXTURES = {"ring": ring, "grid": grid}


def main() -> None:
    """Play all games and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mixtures", nargs="+", choices=tuple(MIXTURES), default=list(MIXTURES))
    parser.add_argument("--only", nargs="+", choices=tuple(RECIPES), default=list(RECIPES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--out", type=Path, default=Path("toys.jsonl"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    for name in options.mixtures:
        for recipe in options.only:
            lines = [play(options, MIXTURES[name](), recipe, seed) for seed in range(options.seeds)]
            print_row(name, recipe, lines)


def play(options: argparse.Namespace, mixture: Mixture, recipe: str, seed: int) -> dict[str, Any]:
    """Play one game to its end."""
    begun = time.process_time()
    history: list[ToyProgress] = list(
        play_toy(configure(recipe, options.rounds, seed, options.rate), mixture, max(1, options.rounds // 40))
    )
    scores = history[-1].scores
    line = {"mixture": mixture.name, "recipe": recipe, "seed": seed, "rounds": options.rounds, "modes": scores.modes,
            "high_quality": round(scores.high_quality, 4), "divergence": round(scores.divergence, 4),
            "alarms": [finding.title for finding in toy_findings(history)],
            "cpu_seconds": round(time.process_time() - begun)}  # fmt: skip
    with options.out.open("a") as file:
        file.write(json.dumps(line) + "\n")
    return line


def print_row(mixture: str, recipe: str, lines: list[dict[str, Any]]) -> None:
    """One row: mean and spread over the seeds."""
    values = []
    for name, form in (("modes", "5.1f"), ("high_quality", "6.3f"), ("divergence", "6.3f")):
        found = [line[name] for line in lines]
        values.append(f"{name} {statistics.mean(found):{form}} +- {statistics.pstdev(found):.3f}")
    alarms = sorted({title for line in lines for title in line["alarms"]})
    seconds = statistics.mean(line["cpu_seconds"] for line in lines)
    print(f"{mixture:5} {recipe:26} {'  '.join(values)}  {seconds:4.0f} s  {'; '.join(alarms)}", flush=True)


if __name__ == "__main__":
    main()
