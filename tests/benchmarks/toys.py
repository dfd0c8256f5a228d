"""Losses and cures on a ring of 8 and a grid of 25 Gaussians, as in PacGAN: modes, high quality, divergence, alarms.

Run: python tests/benchmarks/toys.py [--mixtures ring grid] [--only NAME ...] [--rounds 20000] [--seeds 3]
[--out FILE].
All rows have the same networks (128 x 3), batch (256) and number of generator steps; optimisers and rates are those of
`RECIPES`. What is measured is the averaged generator, on 2,500 points. One line of JSON a game goes to FILE, where
games that are in it already are not played again; then the table of all, as means with their deviation over the seeds.
"""

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from ganstudio.training.toys.distributions import MIXTURES
from ganstudio.training.toys.findings import toy_findings
from ganstudio.training.toys.recipes import RECIPES, ROUNDS, configure
from ganstudio.training.toys.table import play_toy

SHOWN = ("ring", "grid")
Line = dict[str, Any]


def main() -> None:
    """Play all games that are not in the file and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mixtures", nargs="*", choices=tuple(MIXTURES), default=list(SHOWN))
    parser.add_argument("--only", nargs="+", choices=tuple(RECIPES), default=list(RECIPES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("toys.jsonl"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    lines = read(options.out)
    for seed in range(options.seeds):
        for mixture in options.mixtures:
            for recipe in options.only:
                if not any(key(line) == (mixture, recipe, seed, options.rounds) for line in lines):
                    lines.append(play(options, mixture, recipe, seed))
    print_table(read(options.out), options.rounds)


def read(path: Path) -> list[Line]:
    """The games played before."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def key(line: Line) -> tuple[str, str, int, int]:
    """What game it was."""
    return line["mixture"], line["recipe"], line["seed"], line["rounds"]


def play(options: argparse.Namespace, mixture: str, recipe: str, seed: int) -> Line:
    """Play one game to its end."""
    begun = time.process_time()
    config = configure(recipe, options.rounds, seed)
    history = list(play_toy(config, MIXTURES[mixture](), max(1, options.rounds // 40)))
    scores = history[-1].scores
    line = {"mixture": mixture, "recipe": recipe, "seed": seed, "rounds": options.rounds, "modes": scores.modes,
            "high_quality": round(scores.high_quality, 4), "divergence": round(scores.divergence, 4),
            "alarms": [finding.title for finding in toy_findings(history)],
            "cpu_seconds": round(time.process_time() - begun)}  # fmt: skip
    print(json.dumps(line), flush=True)
    with options.out.open("a") as file:
        file.write(json.dumps(line) + "\n")
    return line


def print_table(lines: list[Line], rounds: int) -> None:
    """A row for each recipe, in Markdown."""
    print("| points | recipe | games | modes | high quality | divergence | alarm | CPU seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for mixture in MIXTURES:
        for recipe in RECIPES:
            found = [line for line in lines if key(line)[:2] == (mixture, recipe) and line["rounds"] == rounds]
            if found:
                print_row(mixture, recipe, found)


def print_row(mixture: str, recipe: str, lines: list[Line]) -> None:
    """Means with deviations; in how many games which alarm rang at the end."""
    alarms = [title for line in lines for title in line["alarms"]]
    told = "; ".join(f"{title} in {alarms.count(title)}" for title in sorted(set(alarms)))
    seconds = statistics.mean(line["cpu_seconds"] for line in lines)
    print(f"| {mixture} | {RECIPES[recipe].title} | {len(lines)} | {spread(lines, 'modes', '.1f')} | "
          f"{spread(lines, 'high_quality', '.1%')} | {spread(lines, 'divergence', '.3f')} | {told} | {seconds:.0f} |",
          flush=True)  # fmt: skip


def spread(lines: list[Line], name: str, form: str) -> str:
    """A mean, with the deviation where there are several."""
    values = [line[name] for line in lines]
    mean = f"{statistics.mean(values):{form}}"
    return f"{mean} ± {statistics.pstdev(values):{form}}" if len(values) > 1 else mean


if __name__ == "__main__":
    main()
