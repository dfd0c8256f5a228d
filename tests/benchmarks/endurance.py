"""A thousand model switches, resizes and drags at random: nothing may crash, leak, or show a picture of before.

Run: python tests/benchmarks/endurance.py [--steps 1000] [--seed 0] [CHECKPOINT ...]. Without checkpoints it makes small
ones of several families with random weights. Now and then it lets the window rest and compares the canvas with what a
fresh renderer draws, to the bit. Prints counts, memory and threads; ends with an error when a picture is wrong.
"""

import argparse
import os
import random
import tempfile
import threading
from pathlib import Path

import numpy as np
from benchmark_window import open_window, run_for, wait_until, write_model

from ganstudio.devices import default_threads, resident_bytes
from ganstudio.gui.main_window import MainWindow
from ganstudio.project import edits
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.request import RenderRequest

REST_EVERY = 20


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", nargs="*", type=Path)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GANSTUDIO_HOME"] = home
        run(options.checkpoints or make_checkpoints(Path(home)), options)


def make_checkpoints(folder: Path) -> list[Path]:
    """Write small models of several families."""
    style = {"z_dim": 16, "w_dim": 16, "mapping_widths": (16,)}
    configs = {
        "dcgan": {"resolution": 64, "channels": 3, "num_classes": 3},
        "stylegan1": {"resolution": 32, **style},
        "stylegan2": {"resolution": 128, "widths": (16,) * 6, **style},
        "stylegan3": {"resolution": 64, "z_dim": 16, "w_dim": 16, "channel_base": 512, "channel_max": 16},
        "mlp": {"resolution": 28, "channels": 1},
    }
    return [write_model(folder, name, **values) for name, values in configs.items()]


class Person:
    """Does things at random."""

    def __init__(self, window: MainWindow, checkpoints: list[Path], seed: int) -> None:
        self.window = window
        self.checkpoints = checkpoints
        self.random = random.Random(seed)
        self.done: dict[str, int] = {}
        self.checked = 0

    def act(self) -> None:
        """Do one thing."""
        acts = {"switch": self.switch, "resize": self.resize, "drag": self.drag, "seed": self.seed,
                "undo": self.undo, "grid": self.grid, "compare": self.compare}  # fmt: skip
        name = self.random.choices(list(acts), weights=(20, 15, 35, 10, 10, 5, 5))[0]
        acts[name]()
        self.done[name] = self.done.get(name, 0) + 1

    def switch(self) -> None:
        """Open another model."""
        self.window.document.open_requested.emit(self.random.choice(self.checkpoints))

    def resize(self) -> None:
        """Pull at the window's corner."""
        self.window.resize(self.random.randint(960, 1920), self.random.randint(640, 1080))

    def drag(self) -> None:
        """Drag truncation, letting the window work in between."""
        slider = self.window.explore.latent.truncation.track
        for _ in range(self.random.randint(2, 12)):
            slider.edited.emit(self.random.uniform(0, 1), 1)
            run_for(self.random.choice((0, 0, 5, 16)))

    def seed(self) -> None:
        """Ask for another picture."""
        document = self.window.document
        document.apply("Seed", edits.set_seed(document.state, self.random.randrange(1000)))

    def undo(self) -> None:
        """Go back or forth, over model switches, too."""
        for _ in range(self.random.randint(1, 5)):
            self.window.commands[self.random.choice(("edit.undo", "edit.undo", "edit.redo"))].trigger()

    def grid(self) -> None:
        """Show the grid, or the single picture again."""
        self.window.commands["view.grid"].trigger()

    def compare(self) -> None:
        """Put before and after side by side, or not any more."""
        self.window.commands["view.divider"].trigger()

    def rest(self) -> None:
        """Wait for the picture, and compare it with what a fresh renderer draws."""
        window = self.window
        wait_until(lambda: not window.opener.is_busy and is_shown(window))
        state, rendered = window.document.state, window.explore.canvas.rendered
        if state.view == "single" and state.checkpoint is not None:
            import torch

            from ganstudio.rendering.renderer import Renderer

            torch.set_num_threads(default_threads())  # as the worker has: sums depend on it in the last bit
            request = RenderRequest(state.checkpoint, (state.look,))
            expected = draw_fitting(Renderer(Path(state.checkpoint), "cpu"), request).pixels[0]
            place = rendered.request.looks.index(state.look)
            if not np.array_equal(rendered.pixels[place], expected):
                apart = np.abs(rendered.pixels[place].astype(int) - expected).max()
                raise SystemExit(f"a picture of {Path(state.checkpoint).name} is {apart} apart: {state.look}")
            self.checked += 1


def run(checkpoints: list[Path], options: argparse.Namespace) -> None:
    """Open the window, do it all, print."""
    errors: list[str] = []
    with open_window(checkpoints[0]) as window:
        window.rendering.failed.connect(lambda error: errors.append(str(error)))
        window.document.failed.connect(lambda error: errors.append(str(error)))
        person, memory = Person(window, checkpoints, options.seed), []
        for step in range(options.steps):
            person.act()
            run_for(person.random.choice((0, 0, 3, 20)))
            if step % REST_EVERY == REST_EVERY - 1:
                person.rest()
                memory.append((resident_bytes() or 0) >> 20)
    print(f"{options.steps} steps: {person.done}; {person.checked} pictures compared, all the same to the bit")
    print(f"errors told: {len(errors)} {errors[:3]}")
    quarter = len(memory) // 4
    print(f"memory in MB: {memory[0]} first, {memory[quarter]} after a quarter, {memory[-1]} at the end")
    print(f"threads left: {[thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]}")


def is_shown(window: MainWindow) -> bool:
    """Whether the canvas shows in full what the document says."""
    state, rendered = window.document.state, window.explore.canvas.rendered
    if rendered is None or state.checkpoint is None:
        return state.checkpoint is None
    wanted = state.grid_looks if state.view == "grid" else (state.look,)
    is_this = rendered.is_whole and rendered.request.checkpoint_path == state.checkpoint
    return is_this and rendered.request.looks == wanted  # a grid's picture of the look is another one


if __name__ == "__main__":
    main()
