"""The program's own share of the time from a slider to the picture on the canvas.

Run: python tests/benchmarks/slider_latency.py [CHECKPOINT] [--moves 300] [--resolution 256]. Moves a slider through the
window and waits for each picture to be painted in full; prints where the time went. The network's part is measured in
the same move; beside it stands a bare forward pass of the same generator in the same process, in turn. Without a
checkpoint it takes the built-in model, or a StyleGAN2 of that resolution with narrow layers and random weights.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmark_window import open_window, write_model
from PySide6.QtCore import QEventLoop

from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.gui.main_window import MainWindow
from ganstudio.rendering.request import Rendered


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", type=Path)
    parser.add_argument("--resolution", type=int, default=0)
    parser.add_argument("--moves", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GANSTUDIO_HOME"] = home
        made = make_checkpoint(Path(home), options.resolution) if options.resolution else builtin_path()
        report(options.checkpoint or made, options.moves)


def make_checkpoint(folder: Path, resolution: int) -> Path:
    """Write a StyleGAN2 with narrow layers, so that the network is quick and the rest shows."""
    widths = [4] * (resolution.bit_length() - 2)
    lengths = {"z_dim": 32, "w_dim": 32, "mapping_widths": [32]}
    return write_model(folder, "stylegan2", resolution=resolution, widths=widths, **lengths)


def report(checkpoint: Path, moves: int) -> None:
    """Open the window, measure in turn, print."""
    moves_made, bare = [], []
    with open_window(checkpoint) as window:
        slider = window.explore.latent.truncation.track
        for move in range(moves):
            moves_made.append(time_move(window, slider, 0.5 + 0.5 * move / moves + 0.001))
            bare.append(time_forward(checkpoint, bare_generator(checkpoint)))
    size = window.explore.canvas.rendered.full_px
    print(f"{moves} moves, {size} px, ms: median   99 % below")
    for name, values in zip(Move._fields, zip(*moves_made, strict=True), strict=True):
        print(f"  {name:10} {statistics.median(values):21.2f} {sorted(values)[int(0.99 * len(values))]:11.2f}")
    print(f"  a bare forward pass   {statistics.median(bare):10.2f}")


class Move(NamedTuple):
    """Milliseconds of one move; the program's own share is all but the network."""

    total: float
    edit: float
    renderer: float
    network: float
    paint: float
    own: float


def time_move(window: MainWindow, slider: object, value: float) -> Move:
    """Move the slider to a value and wait until the picture is painted."""
    canvas = window.explore.canvas
    arrived: list[float] = []

    def note(rendered: Rendered) -> None:
        if rendered.is_whole and rendered.request.looks == (window.document.state.look,):
            arrived.append(time.perf_counter())
            loop.quit()

    loop = QEventLoop()
    window.rendering.picture_ready.connect(note)
    begun = time.perf_counter()
    slider.edited.emit(value, 1)  # type: ignore[attr-defined] # what a mouse move on the track emits
    edited = time.perf_counter()
    if not arrived:
        loop.exec()
    window.rendering.picture_ready.disconnect(note)
    shown_at = time.perf_counter()
    canvas.picture.repaint()
    done = time.perf_counter()
    total, rendered = (done - begun) * 1000, canvas.rendered
    network = rendered.network_ms
    return Move(total, (edited - begun) * 1000, rendered.elapsed_ms, network, (done - shown_at) * 1000, total - network)


_generators: dict[Path, object] = {}


def bare_generator(checkpoint: Path) -> object:
    """The generator itself, with the threads that the window's renderer takes."""
    if checkpoint not in _generators:
        import torch

        from ganstudio.checkpoints.building import build_generator
        from ganstudio.checkpoints.catalogue import read
        from ganstudio.devices import default_threads

        torch.set_num_threads(default_threads())
        _generators[checkpoint] = build_generator(read(checkpoint), torch.device("cpu"))
    return _generators[checkpoint]


def time_forward(checkpoint: Path, generator: object) -> float:
    """One forward pass of one latent, in ms."""
    import torch

    z = torch.randn(1, generator.spec.z_dim)  # type: ignore[attr-defined]
    with torch.inference_mode():
        begun = time.perf_counter()
        generator(z)  # type: ignore[operator]
        return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
