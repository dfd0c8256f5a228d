"""Recipes against each other: the same pictures, the same processor time, the distance to pictures never shown.

The distance is the kernel distance of fixed random convolutions: it ranks recipes on one set of pictures, and says
nothing across sets.

Run: python tests/benchmarks/recipe_comparison.py --data PATH [PATH ...] [--resolution 32] [--channels 3]
[--recipes NAME ...] [--seconds 240] [--seeds 1] [--device cpu] [--out FOLDER]. How fast a recipe is, is measured first;
it then gets a length that takes --seconds of processor time, so that its schedules end with it, whatever else the
machine does; on a GPU of a clock's time, where nothing else should run. One line of JSON a recipe and seed in
FOLDER/results.jsonl, a sheet of pictures beside it; at the end a table.
"""

import argparse
import json
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.preparation import DatasetPrepared, prepare
from ganstudio.images import from_uint8, save_picture, tile, to_uint8
from ganstudio.metrics.diversity import diversity_ratio
from ganstudio.metrics.features import RandomConvolutions, extract_features
from ganstudio.metrics.kid import squared_discrepancy
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.data_order import split_holdout
from ganstudio.training.feed import PictureFeed
from ganstudio.training.game.pair import Pair
from ganstudio.training.presets.catalogue import PRESETS

FAKES, FOLDS = 6000, 6
MOMENTUM = {"beta1": 0.0, "beta2": 0.99, "final_lr_fraction": 0.25}
NO_R1 = {"r1": False}
PAIRED = {
    "loss": "relativistic",
    "r1.interval": 1,
    "r2": True,
    "r1.final_share": 0.1,
    "r2.final_share": 0.1,
    **MOMENTUM,
}
RECIPES: dict[str, tuple[str, dict[str, Any]]] = {
    "non_saturating": ("balanced", {**NO_R1, "beta1": 0.5, "beta2": 0.999}),
    "non_saturating_r1": ("balanced", {}),
    "least_squares": ("balanced", {**NO_R1, "loss": "least_squares", "beta1": 0.5, "beta2": 0.999}),
    "wgan_gp": (
        "balanced",
        {**NO_R1, "loss": "wasserstein", "gradient_penalty": True, "discriminator_steps": 5, "beta1": 0.0, "beta2": 0.9,
         "generator_lr": 3e-4, "discriminator_lr": 3e-4},
    ),
    "sngan": ("balanced", {**NO_R1, "loss": "hinge", "spectral_norm": True, "beta1": 0.0, "beta2": 0.9}),
    "paired": ("balanced", {**PAIRED, "r1.gamma": 1.0, "r2.gamma": 1.0}),
    "paired_light": ("balanced", {**PAIRED, "r1.gamma": 0.1, "r2.gamma": 0.1}),
    "paired_mid": ("balanced", {**PAIRED, "r1.gamma": 0.3, "r2.gamma": 0.3}),
    "paired_fast": ("balanced", {**PAIRED, "r1.gamma": 0.3, "r2.gamma": 0.3, "generator_lr": 1e-3,
                                 "discriminator_lr": 1e-3}),
    "style": ("style", {}),
    "residual": ("residual", {}),
    "few_pictures": ("few_pictures", {}),
    "recommended": ("recommended", {}),
    "spectral": ("spectral", {}),
    "residual_wide": ("residual_wide", {}),
    "style_wide": ("style_wide", {}),
}  # fmt: skip
for _name in ("paired", "paired_mid", "paired_light", "paired_fast", "non_saturating_r1"):
    _preset, _settings = RECIPES[_name]
    RECIPES[f"{_name}_augmented"] = (_preset, {**_settings, "diff_augment": True})


def main() -> None:
    """Train all, then print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--resolution", type=int, default=32)
    parser.add_argument("--channels", type=int, default=3)
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES))
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--x-flip", action="store_true")
    parser.add_argument("--holdout", type=float, default=0.1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=Path("recipe_comparison"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    options.out.mkdir(parents=True, exist_ok=True)
    dataset = prepared(options)
    print(f"{len(dataset.pixels)} pictures of {options.resolution} px", flush=True)
    lines = [train_one(options, dataset, name, seed) for name in options.recipes for seed in range(options.seeds)]
    print_table(lines)


def prepared(options: argparse.Namespace) -> Any:
    """The pictures, made equal."""
    source = open_source(options.data[0])
    events = prepare(source, PreparationConfig(options.resolution, options.channels))
    return next(event.dataset for event in events if isinstance(event, DatasetPrepared))


def configure(options: argparse.Namespace, dataset: Any, name: str, seed: int) -> TrainingConfig:
    """The recipe for these pictures, without classes."""
    preset, settings = RECIPES[name]
    config = PRESETS[preset].configure(replace(dataset.facts(), class_count=0))
    config = with_settings(config, {**settings, "seed": seed, "x_flip": options.x_flip, "holdout": options.holdout})
    return replace(config, threads=1, device=options.device)


def train_one(options: argparse.Namespace, dataset: Any, name: str, seed: int) -> dict[str, Any]:
    """Give one recipe its time and measure what came of it."""
    config = configure(options, dataset, name, seed)
    shown, held = split_holdout(len(dataset.pixels), config.holdout, config.seed)
    seconds_per_kimg = measure_speed(config, dataset, shown)
    config = replace(config, kimg=options.seconds / seconds_per_kimg)
    config = replace(config, ema_kimg=min(config.ema_kimg, config.kimg * 0.05))
    pair = Pair(config, torch.device(config.device))
    feed = PictureFeed(dataset, shown, pair)
    begun, step, images = seconds_of(pair), 0, 0
    while images < config.kimg * 1000:
        images += pair.play(feed, step, images / 1000).images
        step += 1
    spent = seconds_of(pair) - begun
    scores = measure(pair, dataset.pixels, held)
    draw_sheet(pair, options.out / f"{name}-{seed}.png")
    line = {"recipe": name, "seed": seed, "kimg": round(images / 1000, 1), "seconds": round(spent),
            **{key: round(value, 5) for key, value in scores.items()}}  # fmt: skip
    print(json.dumps(line), flush=True)
    with (options.out / "results.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    return line


def measure(pair: Pair, pixels: Any, held: Any) -> dict[str, float]:
    """The kernel distance of folds of generated pictures to all held-out ones, its standard error, the diversity."""
    device = pair.device
    extractor = RandomConvolutions(pixels.shape[3]).to(device)
    real = (from_uint8(pixels[part], device) for part in np.array_split(held, 20))
    reference = extract_features(extractor, real, device)
    random = torch.Generator().manual_seed(1)
    with torch.inference_mode():
        latents = (torch.randn(100, pair.generator.spec.z_dim, generator=random) for _ in range(FAKES // 100))
        fakes = extract_features(extractor, (pair.averaged(z.to(device)) for z in latents), device)
    folds = [squared_discrepancy(reference, fold) for fold in np.array_split(fakes, FOLDS)]
    error = float(np.std(folds)) / (FOLDS - 1) ** 0.5
    return {"kid": float(np.mean(folds)), "kid_error": error, "diversity": diversity_ratio(reference, fakes[:2000])}


def measure_speed(config: TrainingConfig, dataset: Any, shown: Any) -> float:
    """Seconds for a thousand pictures; over whole periods of lazy penalties, warmed up."""
    pair = Pair(config, torch.device(config.device))
    feed, images = PictureFeed(dataset, shown, pair), 0
    on_gpu = pair.device.type == "cuda"
    for step in range(48 if on_gpu else 4):  # until all kinds of rounds were recorded
        pair.play(feed, step, 0.1)
    begun = seconds_of(pair)
    for step in range(320 if on_gpu else 32):
        images += pair.play(feed, step, 0.1).images
    return (seconds_of(pair) - begun) / images * 1000


def seconds_of(pair: Pair) -> float:
    """Now: of a clock on a GPU, of processor time elsewhere, whatever else the machine does."""
    if pair.device.type == "cuda":
        torch.cuda.synchronize(pair.device)
        return time.perf_counter()
    return time.process_time()


@torch.inference_mode()
def draw_sheet(pair: Pair, path: Path) -> None:
    """Save 64 pictures of the averaged generator."""
    z = torch.randn(64, pair.generator.spec.z_dim, generator=torch.Generator().manual_seed(2))
    save_picture(path, tile(to_uint8(pair.averaged(z.to(pair.device)))))


def print_table(lines: list[dict[str, Any]]) -> None:
    """Means over the seeds, best first."""
    names = list(dict.fromkeys(line["recipe"] for line in lines))
    rows = []
    for name in names:
        own = [line for line in lines if line["recipe"] == name]
        rows.append((statistics.mean(line["kid"] for line in own), name, own))
    for kid, name, own in sorted(rows):
        spread = statistics.pstdev(line["kid"] for line in own) if len(own) > 1 else own[0]["kid_error"]
        diversity = statistics.mean(line["diversity"] for line in own)
        print(f"{name:28} KID {kid:8.5f} +- {spread:.5f}   diversity {diversity:.2f}   {own[0]['kimg']:g} kimg")


if __name__ == "__main__":
    main()
