"""How soon a picture follows a slider with a large network: coarse pictures, restarts, and what the cache gives.

Run: python tests/benchmarks/live_rendering.py [CHECKPOINT] [--resolution 1024] [--threads 1] [--moves 10]
[--device cuda]. Without a checkpoint it takes a StyleGAN2 of the published widths with random weights. Drags all
layers, and those of the last third, in turn with full renders that use nothing kept and with bare forward passes of the
plain network; prints medians, ratios and pictures a second.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from ganstudio.checkpoints.catalogue import read
from ganstudio.devices import describe_device, resolve_device
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.stylegan2 import StyleGAN2Config, StyleGAN2Generator
from ganstudio.rendering.staged_drawing import StagedDrawing


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", type=Path)
    parser.add_argument("--resolution", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--moves", type=int, default=10)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with torch.inference_mode():
        report(*load(options), options)


def load(options: argparse.Namespace) -> tuple[MappedGenerator, torch.Tensor]:
    """The network, and two w_plus `(2, num_ws, w_dim)`."""
    device = resolve_device(options.device)
    if options.checkpoint:
        from ganstudio.checkpoints.building import build_generator

        generator = build_generator(read(options.checkpoint), device)
    else:
        config = StyleGAN2Config(resolution=options.resolution)
        generator = StyleGAN2Generator(config, torch.Generator().manual_seed(0)).eval()
        generator.requires_grad_(False).to(device)
    z = torch.randn(2, generator.spec.z_dim, generator=torch.Generator().manual_seed(1))
    return generator, generator.map(z.to(device))


def report(generator: MappedGenerator, w_plus: torch.Tensor, options: argparse.Namespace) -> None:
    """Drag, in turn with full renders."""
    stages, spec = generator.stages(), generator.spec
    drag, full, late = (StagedDrawing(stages, spec) for _ in range(3))
    start, goal = w_plus[:1], w_plus[1:]
    for drawing in (drag, full, late):
        for w in (goal, start):  # the first measures the layers, the second learns the colours
            list(drawing.draw(w))
    cut = spec.num_ws - spec.num_ws // 3
    first, whole, rest, bare, sizes = [], [], [], [], []
    for move in range(1, options.moves + 1):
        share = 0.02 * move
        moved = torch.lerp(start, goal, share)
        ms, side = until_first_picture(drag.draw(moved))
        first.append(ms)
        sizes.append(side)
        whole.append(until_done(full.draw(moved)))  # nothing that it kept holds for another w
        edited = torch.cat([start[:, :cut], moved[:, cut:]], dim=1)
        rest.append(until_done(late.draw(edited)))
        bare.append(forward(generator, moved))
    all_ms = statistics.median(whole)
    print(f"{spec.resolution} px, {describe_device(w_plus.device)}, medians of {options.moves} moves")
    print(f"  full picture                       {all_ms:8.1f} ms   {1000 / all_ms:.1f} a second,"
          f" {statistics.median(bare) / all_ms:.2f} times as fast as the plain network's forward pass")  # fmt: skip
    print(f"  first coarse picture ({statistics.median(sizes):4.0f} px)     {statistics.median(first):8.1f} ms"
          f"   1/{all_ms / statistics.median(first):.1f} of the full one")  # fmt: skip
    print(f"  edit of the layers from w {cut} of {spec.num_ws}   {statistics.median(rest):8.1f} ms"
          f"   {statistics.median(rest) / all_ms:.0%} of the full one")  # fmt: skip


def until_first_picture(steps: Iterator[torch.Tensor | None]) -> tuple[float, int]:
    """Milliseconds until something can be shown, and its side; the rest is given up."""
    begun = time.perf_counter()
    picture = next(step for step in steps if step is not None)
    return (time.perf_counter() - begun) * 1000, picture.shape[-1]


def forward(generator: MappedGenerator, w_plus: torch.Tensor) -> float:
    """Milliseconds of the plain network alone."""
    begun = time.perf_counter()
    picture = generator.synthesise(w_plus)
    if picture.is_cuda:
        torch.cuda.synchronize(picture.device)
    return (time.perf_counter() - begun) * 1000


def until_done(steps: Iterator[torch.Tensor | None]) -> float:
    """Milliseconds until the full picture."""
    begun = time.perf_counter()
    for _step in steps:
        pass
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
