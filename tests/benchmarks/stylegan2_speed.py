"""How long a StyleGAN2 takes for pictures on the CPU, where the time goes, beside the original.

Run: python tests/benchmarks/stylegan2_speed.py [ORIGINAL] [--resolution 256] [--batch 1] [--threads 1] [--runs 5]
[--base 16384] [--layers] [--restart] [--plain]. ORIGINAL is the folder of a copy of NVlabs' stylegan2-ada-pytorch. The
widths are the paper's: those of the original's configuration "paper256" up to 256 px, of "stylegan2" above. Both draw
with the same weights, each in a process of its own with its own habits of asking for memory, and take turns. Prints
medians of wall and of processor time, their ratios, how far the pictures are apart, and the rate of the machine's
matrix products beside the rate of the direct form's multiplications and additions.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch
from speed_report import Helper, Times, answer, find_original, matrix_rate, measure, take_turns
from torch import Tensor

from ganstudio.networks.prepared.stylegan2 import PreparedSynthesis
from ganstudio.networks.staged import draw, walk
from ganstudio.networks.stylegan2 import StyledConvolution, StyleGAN2Generator
from ganstudio.networks.stylegan2_config import StyleGAN2Config, standard_widths


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("original", nargs="?", type=Path)
    parser.add_argument("--resolution", type=int, default=256)
    parser.add_argument("--base", type=int, help="widths are this over the resolution, at most 512")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--layers", action="store_true", help="time each layer of ours")
    parser.add_argument("--restart", action="store_true", help="time edits of the last layers of ours")
    parser.add_argument("--plain", action="store_true", help="our plain form, too")
    parser.add_argument("--way", choices=["ours", "original", "plain"], help="for this script's own use")
    options = parser.parse_args()
    options.base = options.base or (16_384 if options.resolution <= 256 else 32_768)
    torch.set_num_threads(options.threads)
    if options.way:
        answer_as(options)
        return
    if options.layers or options.restart:
        generator, w_plus = build(options)
        prepared = generator.stages()
        with torch.inference_mode():
            if options.layers:
                time_layers(generator, prepared, w_plus, options.runs)
            if options.restart:
                time_restarts(prepared, w_plus, options.runs)
        return
    compare(options)


def compare(options: argparse.Namespace) -> None:
    """Let the ways take turns and print what they took."""
    names = ["ours", *["plain"] * options.plain, *["original"] * bool(options.original)]
    helpers = {name: Helper(*sys.argv, "--way", name) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        pictures = {}
        for name, helper in helpers.items():
            helper.ask(f"save {folder}/{name}")
            pictures[name] = torch.load(f"{folder}/{name}", weights_only=True)
    ways = {name: helper.run for name, helper in helpers.items()}
    rates: list[float] = []
    ways["rate"] = lambda: rates.append(matrix_rate(1024)) or Times(0, 0)
    medians = take_turns(ways, options.runs)
    for helper in helpers.values():
        helper.close()
    rate, work = statistics.median(rates), sum(operations(build(options)[0])) * options.batch
    print(
        f"StyleGAN2 {options.resolution} px, widths {options.base} / resolution, batch {options.batch}, "
        f"{options.threads} thread(s), medians of {options.runs} runs in turn; matrix products {rate:.0f} GFLOP/s"
    )
    for name in names:
        wall, processor = medians[name]
        print(
            f"  {name:9} {wall:9.1f} ms wall, {processor:9.1f} ms of processor time, "
            f"{work / wall * 1000:6.1f} GFLOP/s of the direct form, {work / wall * 1000 / rate:5.0%} of matrix products"
        )
    for name in names[1:]:
        wall, processor = (theirs / own for theirs, own in zip(medians[name], medians["ours"], strict=True))
        error = (pictures["ours"] - pictures[name]).abs().max() / pictures[name].abs().max()
        print(f"  {name} / ours: {wall:.2f} wall, {processor:.2f} processor; largest relative difference {error:.1e}")


def answer_as(options: argparse.Namespace) -> None:
    """Be one of the ways."""
    generator, w_plus = build(options)
    synthesis = original_synthesis(options.original, generator) if options.way == "original" else generator.synthesis
    prepared = generator.stages() if options.way == "ours" else None
    with torch.inference_mode():
        if prepared:
            answer(lambda: draw(prepared, w_plus))
        elif options.way == "original":
            answer(lambda: synthesis(w_plus, noise_mode="const", force_fp32=True))
        else:
            answer(lambda: synthesis(w_plus))


def build(options: argparse.Namespace) -> tuple[StyleGAN2Generator, Tensor]:
    """A generator with weights of seed 0 and noise that is seen, and w of seed 1."""
    config = StyleGAN2Config(resolution=options.resolution, widths=standard_widths(options.resolution, options.base))
    generator = StyleGAN2Generator(config, torch.Generator().manual_seed(0)).eval().requires_grad_(requires_grad=False)
    for layer in generator.synthesis.layers:
        layer.noise_strength.fill_(0.1)
    random = torch.Generator().manual_seed(1)
    return generator, torch.randn(options.batch, generator.spec.num_ws, config.w_dim, generator=random)


def operations(generator: StyleGAN2Generator) -> list[float]:
    """1e9 multiplications and additions of each layer in the direct form, for one picture; without filters."""
    result = []
    for layer in generator.synthesis.layers:
        size = layer.resolution // 2 if layer.up else layer.resolution
        result.append(2e-9 * layer.weight.numel() * size**2)
    return result


def time_layers(generator: StyleGAN2Generator, prepared: PreparedSynthesis, w_plus: Tensor, runs: int) -> None:
    """Print where the time goes: layer by layer, and how much of it in products of matrices."""
    spent = {"products": 0.0}

    def timed(function):
        def run(*args, **kwargs):
            begin = time.thread_time()
            result = function(*args, **kwargs)
            spent["products"] += time.thread_time() - begin
            return result

        return run

    torch.bmm, torch.mm = timed(torch.bmm), timed(torch.mm)
    rows: list[list[tuple[float, float]]] = []
    for _ in range(runs + 1):
        state, row = prepared.start(w_plus), []
        for _ in range(prepared.num_layers):
            spent["products"], begin = 0.0, time.thread_time()
            state = prepared.advance(state, w_plus)
            row.append(((time.thread_time() - begin) * 1000, spent["products"] * 1000))
        rows.append(row)
    print(f"matrix products {matrix_rate(1024):.0f} GFLOP/s; ms of processor time, medians of {runs} runs")
    print("  layer  size  maps         all  products   rest   share  GFLOP/s of the direct form")
    columns = [list(map(statistics.median, zip(*cells, strict=True))) for cells in zip(*rows[1:], strict=True)]
    works = [work * len(w_plus) for work in operations(generator)]
    total = sum(whole for whole, _ in columns)
    for index, layer in enumerate(generator.synthesis.layers):
        print_row(f"{index:5} {name_of(layer)}", columns[index], total, works[index])
    print_row(f"{'sum':23}", [sum(values) for values in zip(*columns, strict=True)], total, sum(works))


def print_row(name: str, column: list[float], total: float, work: float) -> None:
    whole, products = column
    print(
        f"  {name} {whole:8.1f} {products:8.1f} {whole - products:8.1f} {whole / total:6.1%} {work / whole * 1000:8.1f}"
    )


def name_of(layer: StyledConvolution) -> str:
    outputs, inputs = layer.weight.shape[:2]
    return f"{layer.resolution:5} {inputs:4}>{outputs:<4}{'up' if layer.up else '  '}"


def time_restarts(prepared: PreparedSynthesis, w_plus: Tensor, runs: int) -> None:
    """Print what an edit of the last w costs, gone on with from the states that it leaves as they were."""
    states = [prepared.start(w_plus), *walk(prepared, w_plus)]
    ways = {}
    for number in range(0, w_plus.shape[1], 2):
        state = [state for state in states if prepared.ws_of(state.layer) <= number][-1]
        ways[str(number)] = lambda state=state: measure(lambda: list(walk(prepared, w_plus, state=state)))
    medians = take_turns(ways, runs)
    for name, times in medians.items():
        share = times.processor / medians["0"].processor
        print(f"  w from {name:>2} on: {times.wall:8.1f} ms wall, {times.processor:8.1f} ms of processor, {share:4.0%}")


def original_synthesis(folder: Path, generator: StyleGAN2Generator) -> torch.nn.Module:
    """Build the original's synthesis network with our weights."""
    find_original(folder)
    from training.networks import SynthesisNetwork

    ours = generator.synthesis
    config = ours.config
    base = config.widths[-1] * config.resolution
    synthesis = SynthesisNetwork(
        w_dim=config.w_dim, img_resolution=config.resolution, img_channels=config.channels, channel_base=base,
        channel_max=512,
    )  # fmt: skip
    weights = {"b4.const": ours.constant}
    for index, layer in enumerate(ours.layers):
        add_weights(weights, f"b{layer.resolution}.conv{1 - index % 2}", layer)
    for index, layer in enumerate(ours.colours):
        add_weights(weights, f"b{4 << index}.torgb", layer)
    known = synthesis.state_dict()
    weights.update({name: ours.filter for name in known if name.endswith("resample_filter")})
    synthesis.load_state_dict(weights)
    return synthesis.eval().requires_grad_(requires_grad=False)


def add_weights(weights: dict[str, Tensor], prefix: str, layer: torch.nn.Module) -> None:
    """Add a layer's weights by the original's names."""
    for name, tensor in layer.state_dict().items():
        theirs = "noise_const" if name == "noise" else name.replace("style.", "affine.")
        weights[f"{prefix}.{theirs}"] = tensor


if __name__ == "__main__":
    main()
