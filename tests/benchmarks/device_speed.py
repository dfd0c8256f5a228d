"""How fast a device draws and trains: a picture alone, many at once, a training step.

Run: python tests/benchmarks/device_speed.py [--device cuda] [--only drawing | training] [--seconds 3]

Draws through the renderer, from a look to pixels in the processor's memory: the built-in model, and StyleGAN2 of the
paper's widths with random weights, partly in half precision on a GPU. Trains presets on random pictures of 64 px, on a
GPU with rounds played one by one, and recorded and replayed.
"""

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.devices import describe_device, resolve_device
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game.pair import Batch, Pair
from ganstudio.training.presets.catalogue import PRESETS

BATCHES = (
    ("balanced", 32), ("recommended", 64), ("spectral", 64), ("residual", 64), ("residual_wide", 64),
    ("few_pictures", 16), ("style", 16), ("style_wide", 64), ("style_wide", 256),
)  # fmt: skip
INTERVALS = 16  # steps after which all penalties at intervals were due as often


class Pictures:
    """What presets ask."""

    resolution = 64
    channels = 3
    class_count = 0
    count = 50_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--only", choices=("drawing", "training"), help="leave out the rest")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each figure may take")
    options = parser.parse_args()
    device = resolve_device(options.device)
    print(f"{describe_device(device)}, torch {torch.__version__}")
    if options.only != "training":
        with tempfile.TemporaryDirectory() as folder:
            for title, path in models(Path(folder)):
                report_drawing(title, path, options)
    for name, batch_size in BATCHES if options.only != "drawing" else ():
        report_training(name, batch_size, device, options.seconds)


def models(folder: Path) -> list[tuple[str, Path]]:
    """The built-in model and those of random weights."""
    found = [("built-in, 64 px", builtin_path())]
    for resolution in (256, 1024):
        config = NETWORKS["stylegan2"].make_config({"resolution": resolution, "clamp": 256.0})
        generator = NETWORKS["stylegan2"].build_generator(config, torch.Generator().manual_seed(0))
        path = folder / f"{resolution}.safetensors"
        save_generator(path, generator, GeneratorFile("stylegan2", config))
        found.append((f"StyleGAN2, {resolution} px", path))
    return found


def report_drawing(title: str, path: Path, options: argparse.Namespace) -> None:
    """Print the time of one picture, and of each of sixteen at once."""
    renderer = Renderer(path, options.device)
    seed = 0
    for count in (1, 16):
        times: list[float] = []
        warm, until = 5, time.perf_counter() + options.seconds + 2
        while time.perf_counter() < until or len(times) < 3:
            request = RenderRequest(str(path), tuple(Look(seed=seed + number) for number in range(count)))
            seed += count
            begun = time.perf_counter()
            renderer.render(request)
            if warm > 0:
                warm -= 1
            else:
                times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        middle, slow = statistics.median(times) / count, times[int(0.95 * (len(times) - 1))] / count
        print(f"  {title}, {count:2} at once: {middle:8.2f} ms each, 95 % below {slow:.2f} ({len(times)} requests)")


def report_training(name: str, batch_size: int, device: torch.device, seconds: float) -> None:
    """Print the pictures a second of a preset at 64 px."""
    config = replace(PRESETS[name].configure(Pictures()), batch_size=batch_size)
    images = torch.rand(batch_size, 3, 64, 64, generator=torch.Generator().manual_seed(0)).mul(2).sub(1).to(device)
    torch.cuda.empty_cache()
    for recorded in (False, True) if device.type == "cuda" else (False,):
        pair = Pair(replace(config, recorded=recorded), device)
        seconds_a_step = time_steps(pair, RepeatedBatch(Batch(images, None)), seconds)
        how = "replayed" if recorded else "played"
        refused = pair.recorder.refusal if pair.recorder else ""
        print(
            f"  training {name}, batch {batch_size}, {how:8}: {batch_size / seconds_a_step:8.1f} pictures a second,"
            f" {1000 * seconds_a_step:.1f} ms a step {refused}",
            flush=True,
        )


def time_steps(pair: Pair, feed: RepeatedBatch, seconds: float) -> float:
    """Seconds a step, over whole intervals of penalties, when all kinds of rounds were recorded."""
    for step in range(3 * INTERVALS):
        pair.play(feed, step, 0.1)
    torch.cuda.synchronize() if pair.device.type == "cuda" else None
    steps, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds or steps % INTERVALS:
        pair.play(feed, steps, 0.1)
        steps += 1
    if pair.device.type == "cuda":
        torch.cuda.synchronize()
    return (time.perf_counter() - begun) / steps


if __name__ == "__main__":
    main()
