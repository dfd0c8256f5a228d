"""A thousand random edits, undos, redos, saves, reopens: whether the same look gives the same picture bit for bit.

python tests/benchmarks/document_walk.py [--steps 1000] [--walks 3]

Each walk goes on with a tiny model of random weights; what is done and checked is in `tests/gui/document_walk.py`.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import torch
from PySide6.QtCore import QCoreApplication

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.networks.catalogue import NETWORKS
from tests.gui.document_walk import DocumentWalk, random_edit


def write_model(path: Path) -> Path:
    """Write a generator of 28 px with three classes and two directions."""
    architecture = NETWORKS["mlp"]
    config = architecture.config_type(num_classes=3, z_dim=8, hidden=16, layers=1)
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
    names = (("smile", "Smile"), ("pca_1", "Axis 1"))
    steps = np.eye(8, dtype=np.float32)
    directions = tuple(
        (DirectionInfo(name, title, -3.0, 3.0), steps[place]) for place, (name, title) in enumerate(names)
    )
    save_generator(path, generator, GeneratorFile("mlp", config, ("a", "b", "c"), {}, directions))
    return path


def walk_once(walk: DocumentWalk, steps: int, chance: random.Random) -> Counter[str]:
    """Do anything, so many times."""
    done: Counter[str] = Counter()
    for _ in range(steps):
        act = chance.choices(("edit", "undo", "redo", "file", "session", "picture", "text"), (50, 15, 12, 8, 3, 7, 5))[
            0
        ]
        done[act] += 1
        if act == "edit":
            walk.edit(random_edit(chance.randrange(100), chance.randrange(2**32), chance.uniform(-1, 1)))
        elif act == "picture":
            walk.save_and_restore_picture(chance.choice(("png", "jpg", "webp")))
        else:
            {"undo": walk.undo, "redo": walk.redo, "file": walk.save_and_reopen, "session": walk.restart,
             "text": walk.copy_and_paste}[act]()  # fmt: skip
        walk.check()
    return done


def main() -> None:
    """Walk, and say how it went; an assertion ends it where something differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--walks", type=int, default=3)
    options = parser.parse_args()
    app = QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GANSTUDIO_HOME"] = folder
        model = write_model(Path(folder) / "tiny.safetensors")
        for number in range(options.walks):
            began, walk = time.perf_counter(), DocumentWalk(model, Path(folder))
            done = walk_once(walk, options.steps, random.Random(number))
            acts = ", ".join(f"{count} {name}" for name, count in done.most_common())
            print(f"walk {number}: {options.steps} acts ({acts}) in {time.perf_counter() - began:.0f} s")
            print(
                f"  {walk.drawn} pictures drawn, {len(walk.pictures)} different looks, {walk.reopened} reopenings with"
            )
            print("  a new renderer; pictures that differed from an earlier one of the same look: 0")
    app.quit()


if __name__ == "__main__":
    main()
