"""Writes run folders as other programs leave them, with made-up numbers."""

import json
from pathlib import Path

from PIL import Image


def save_sheet(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 32)).save(path)


def write_nvlabs(folder: Path, stats: str = "stats.jsonl") -> Path:
    """Three ticks of 4 kimg, snapshots at 0, 4 and 8 with FIDs 90, 20 and 30."""
    folder.mkdir(parents=True)
    options = {
        "total_kimg": 25000,
        "batch_size": 32,
        "num_gpus": 1,
        "training_set_kwargs": {"path": "faces.zip", "resolution": 32, "max_size": 100, "xflip": False},
        "loss_kwargs": {"class_name": "training.loss.StyleGAN2Loss", "r1_gamma": 8.2},
    }
    (folder / "training_options.json").write_text(json.dumps(options))
    with (folder / stats).open("w") as file:
        for tick in range(3):
            record = {
                "Loss/G/loss": {"num": 128, "mean": 1.0 + tick, "std": 0.1},
                "Loss/D/loss": {"num": 128, "mean": 0.5, "std": 0.1},
                "Loss/signs/real": {"num": 0, "mean": float("nan"), "std": float("nan")},
                "Progress/tick": {"num": 1, "mean": tick, "std": 0.0},
                "Progress/kimg": {"num": 1, "mean": 4.0 * tick, "std": 0.0},
                "timestamp": 1.6e9,
            }
            file.write(json.dumps(record) + "\n")
    with (folder / "metric-fid50k_full.jsonl").open("w") as file:
        for kimg, fid in ((0, 90.0), (4, 20.0), (8, 30.0)):
            (folder / f"network-snapshot-{kimg:06d}.pkl").write_bytes(b"x")
            save_sheet(folder / f"fakes{kimg:06d}.png")
            name = f"network-snapshot-{kimg:06d}.pkl"
            line = {"results": {"fid50k_full": fid}, "metric": "fid50k_full", "snapshot_pkl": name, "num_gpus": 1}
            file.write(json.dumps(line) + "\n")
    save_sheet(folder / "reals.png")
    save_sheet(folder / "fakes_init.png")
    return folder


def write_tensorflow_era(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "log.txt").write_text(
        "Training...\n"
        "tick 0     kimg 0.1      lod 0.00  minibatch 32   time 1m 20s       sec/tick 80.0    sec/kimg 612.3   "
        "maintenance 0.0    gpumem 4.5\n"
        "tick 1     kimg 6.1      lod 0.00  minibatch 32   time 9m 20s       sec/tick 480.0   sec/kimg 80.01   "
        "maintenance 3.1    gpumem 4.5\n"
    )
    (folder / "network-snapshot-000000.pkl").write_bytes(b"x")
    (folder / "network-snapshot-000006.pkl").write_bytes(b"x")
    (folder / "metric-fid50k.txt").write_text(
        "network-snapshot-000000        time 10m 40s  fid50k 300.1234\n"
        "network-snapshot-000006        time 10m 40s  fid50k 200.5\n"
    )
    return folder


def write_numbered(folder: Path, models: list[str], sheets: list[str]) -> Path:
    for name in models:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    for name in sheets:
        save_sheet(folder / name)
    return folder
