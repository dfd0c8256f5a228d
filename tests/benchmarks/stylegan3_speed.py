"""How long a StyleGAN3 takes for one picture on the CPU, and how that compares with the original code.

Run: python tests/benchmarks/stylegan3_speed.py [ORIGINAL] [--resolution 256] [--rotation] [--threads 1] [--runs 5]
[--layers] [--quarter]. ORIGINAL is the folder of a copy of NVlabs' stylegan3, which wants scipy and setuptools; it is
given the same weights and the two take turns. Prints medians of wall and of processor time, their ratios, and how far
the pictures are apart.
"""

import argparse
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from speed_report import find_original, measure, take_turns
from torch import Tensor

from ganstudio.networks.alias_free.config import StyleGAN3Config
from ganstudio.networks.alias_free.schedule import plan_synthesis
from ganstudio.networks.stylegan3 import AliasFreeGenerator, rotation_equivariant


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("original", nargs="?", type=Path)
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--rotation", action="store_true", help="configuration R instead of T")
    parser.add_argument("--quarter", action="store_true", help="a quarter of the published widths")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--layers", action="store_true", help="time each layer of ours")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = StyleGAN3Config(resolution=options.resolution)
    config = rotation_equivariant(config) if options.rotation else config
    if options.quarter:
        config = replace(config, channel_base=config.channel_base // 4, channel_max=config.channel_max // 4)
    generator = AliasFreeGenerator(config, torch.Generator().manual_seed(0)).eval().requires_grad_(requires_grad=False)
    name = f"StyleGAN3-{'R' if options.rotation else 'T'} {config.resolution} px"
    with torch.inference_mode():
        w_plus = generator.map(torch.randn(1, config.z_dim, generator=torch.Generator().manual_seed(1)))
        if options.layers:
            time_layers(generator, w_plus, options.runs)
        ways = {"ours": lambda: generator.synthesise(w_plus)}
        if options.original:
            synthesis = original_synthesis(options.original, generator, config)
            ways["original"] = lambda: synthesis(w_plus)
        report(name, ways, options)


def report(name: str, ways: dict[str, Callable[[], Tensor]], options: argparse.Namespace) -> None:
    """Let all ways take turns and print what they took."""
    pictures = {way: draw() for way, draw in ways.items()}
    medians = take_turns({way: partial(measure, draw) for way, draw in ways.items()}, options.runs)
    print(f"{name}, {options.threads} thread(s), batch 1, medians of {options.runs} runs in turn")
    for way, (wall, processor) in medians.items():
        print(f"  {way:9} {wall:9.1f} ms wall, {processor:9.1f} ms of processor time")
    if "original" in medians:
        wall, processor = (theirs / own for theirs, own in zip(medians["original"], medians["ours"], strict=True))
        error = (pictures["ours"] - pictures["original"]).abs().max() / pictures["original"].abs().max()
        print(f"  original / ours: {wall:.2f} wall, {processor:.2f} processor; largest relative difference {error:.1e}")


def time_layers(generator: AliasFreeGenerator, w_plus: Tensor, runs: int) -> None:
    """Print the median of each layer."""
    times: list[list[float]] = []
    for _ in range(runs):
        state = generator.synthesis.start(w_plus)
        row = []
        for _ in generator.synthesis.layers:
            start = time.perf_counter()
            state = generator.synthesis.advance(state, w_plus)
            row.append((time.perf_counter() - start) * 1000)
        times.append(row)
    for layer, values in zip(generator.synthesis.layers, zip(*times, strict=True), strict=True):
        print(f"  {layer.plan.name:14} {statistics.median(values):8.1f} ms")


def original_synthesis(folder: Path, generator: AliasFreeGenerator, config: StyleGAN3Config) -> torch.nn.Module:
    """Build the original's synthesis network with our weights."""
    find_original(folder)
    from training.networks_stylegan3 import SynthesisNetwork

    synthesis = SynthesisNetwork(
        w_dim=config.w_dim, img_resolution=config.resolution, img_channels=config.channels,
        channel_base=config.channel_base, channel_max=config.channel_max, conv_kernel=config.kernel,
        use_radial_filters=config.radial,
    )  # fmt: skip
    names = [layer.name for layer in plan_synthesis(config).layers]
    weights = {}
    for name, tensor in generator.synthesis.state_dict().items():
        theirs = re.sub(r"^layers\.(\d+)", lambda match: names[int(match[1])], name)
        weights[re.sub("^features", "input", theirs)] = tensor
    synthesis.load_state_dict(weights)
    return synthesis.eval().requires_grad_(requires_grad=False)


if __name__ == "__main__":
    main()
