"""How fast animations are exported, beside the bare network, and how much memory that holds.

    python tests/benchmarks/export_speed.py                         # built-in model and a random StyleGAN2 of 256 px
    python tests/benchmarks/export_speed.py --frames 10000 --size 256 --only builtin --skip-bare     # memory

Bare: the generator's forward pass on latents that are there already, in batches of the export's own size, colours
brought to bytes. Blocks of both take turns, because a machine that others use as well is never equally fast for long;
what is compared is the processor time of this process (all its threads, the encoder's too) and the time on the wall.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import torch

from ganstudio.animation.easing import Easing
from ganstudio.animation.export import ExportStarted, FrameDone, export
from ganstudio.animation.exporting.drawing import FrameDrawer
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.formats.catalogue import LISTED
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.devices import resident_bytes
from ganstudio.images import to_uint8
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer

_KEYS = 8
_BLOCK = 64  # frames


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=512)
    parser.add_argument("--resolution", type=int, default=256, help="of the random StyleGAN2")
    parser.add_argument("--size", type=int, default=0, help="of the frames; 0: as the model draws")
    parser.add_argument("--format", default="mp4", choices=LISTED)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", choices=("builtin", "stylegan2"))
    parser.add_argument("--skip-bare", action="store_true", help="memory only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        models = {"builtin": builtin_path()}
        if options.only != "builtin":
            models["stylegan2"] = save_random(Path(folder) / "stylegan2.safetensors", options.resolution)
        for name, path in models.items():
            if options.only in (None, name):
                measure(name, path, Path(folder), options)


def save_random(path: Path, resolution: int) -> Path:
    """A StyleGAN2 of random weights, with the standard widths of its resolution (base 16,384)."""
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=resolution)
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    return path


def measure(name: str, path: Path, folder: Path, options: argparse.Namespace) -> None:
    """Export, and draw the bare pictures in between."""
    torch.set_num_threads(options.threads)
    frames = options.frames
    keys = tuple(Key(frames * part // _KEYS, Look(part), Easing("linear")) for part in range(_KEYS))
    timeline = Timeline(frames, Fraction(30), (Track("latent", keys),), is_loop=True)
    suffix = {"png": "", "apng": ".apng"}.get(options.format, f".{options.format}")
    plan = ExportPlan(str(path), Look(0), timeline, folder / f"{name}{suffix}", options.format,
                      size=(options.size, options.size),
                      device=options.device, threads=options.threads)  # fmt: skip
    bare = None if options.skip_bare else Bare(path, plan)
    cpu, wall = {"bare": 0.0, "export": 0.0}, {"bare": 0.0, "export": 0.0}
    ratios, memory, drawn = list[float](), list[float](), 0
    work = export(plan)
    while not isinstance(next(work), ExportStarted):
        pass
    while (block := timed(run_block(work))) is not None:
        count, wall_s, cpu_s = block
        drawn += count
        memory.append((resident_bytes() or 0) / 2**20)
        if bare is None or count < _BLOCK:
            continue
        _, bare_wall, bare_cpu = timed(bare.draw(count)) or (0, 0.0, 0.0)
        for kind, seconds in (("export", (wall_s, cpu_s)), ("bare", (bare_wall, bare_cpu))):
            wall[kind] += seconds[0]
            cpu[kind] += seconds[1]
        ratios.append(bare_wall / wall_s)
    report(name, drawn, (cpu, wall, ratios), memory)


class Bare:
    """The network alone."""

    def __init__(self, path: Path, plan: ExportPlan) -> None:
        self._renderer = Renderer(path, plan.device)
        self._group = FrameDrawer(self._renderer, plan).group
        looks = [Look(seed) for seed in range(self._group)]
        with torch.inference_mode():
            self._latents = self._renderer.latents.of(looks)

    def draw(self, count: int) -> Iterator[int]:
        """Draw so many pictures, batch by batch, as the renderer does it for the window."""
        for _ in range(0, count, self._group):
            with torch.inference_mode():
                pictures = self._renderer._synthesise(self._latents)
                to_uint8(pictures, *self._renderer.generator.spec.output_range)
            yield self._group


def run_block(work: Iterator[object]) -> Iterator[int]:
    """So many frames of an export."""
    for _, event in zip(range(_BLOCK), work, strict=False):
        if isinstance(event, FrameDone):
            yield 1


def timed(work: Iterator[int]) -> tuple[int, float, float] | None:
    """How many pictures something made, and in how many seconds on the wall and of the processor; None for none."""
    wall, cpu = time.perf_counter(), time.process_time()
    count = sum(work)
    return (count, time.perf_counter() - wall, time.process_time() - cpu) if count else None


def report(name: str, drawn: int, times: tuple[dict[str, float], dict[str, float], list[float]],
           memory: list[float]) -> None:  # fmt: skip
    """Print the figures."""
    cpu, wall, ratios = times
    print(f"{name}: {drawn:,} frames")
    if ratios:
        compared = len(ratios) * _BLOCK
        print(
            f"  bare    {compared / wall['bare']:8.1f} pictures/s  {1000 * cpu['bare'] / compared:7.2f} ms of processor"
        )
        print(
            f"  export  {compared / wall['export']:8.1f} frames/s    {1000 * cpu['export'] / compared:7.2f} ms likewise"
        )
        print(
            f"  share of bare throughput: {wall['bare'] / wall['export']:.3f} on the wall "
            f"(median of blocks {statistics.median(ratios):.3f}), {cpu['bare'] / cpu['export']:.3f} by processor time"
        )
    first, rest = memory[len(memory) // 10], memory[len(memory) // 10 :]
    print(f"  memory: {first:.0f} MB after a tenth, {max(rest):.0f} MB at most, {memory[-1]:.0f} MB at the end")


if __name__ == "__main__":
    main()
