"""How quickly a zip of pictures is prepared, against a plain Pillow loop, and how much memory that takes.

    python tests/benchmarks/dataset_preparation.py [COUNT] [SIDE]

Each way runs in a process of its own, three times in turn, after one read of the zip; the median counts. The plain loop
decodes, crops and scales the same pictures and keeps them in a list: no labels, no checks, nothing written to the disk.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

RESOLUTION = 64
ROUNDS = 3


def make_zip(path: Path, count: int, side: int) -> None:
    """Pack JPEG pictures of smooth noise in ten class folders."""
    random = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for index in range(count):
            coarse = Image.fromarray(random.integers(0, 256, (8, 8, 3), dtype=np.uint8))
            with archive.open(f"{index % 10}/{index:06d}.jpg", "w") as file:
                coarse.resize((side, side), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)


def prepare_plainly(path: Path) -> int:
    """The loop that everybody writes."""
    pictures = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as file, Image.open(file) as picture:
                square = ImageOps.fit(picture.convert("RGB"), (RESOLUTION, RESOLUTION), Image.Resampling.LANCZOS)
                pictures.append(np.asarray(square))
    return len(np.stack(pictures))


def prepare_here(path: Path) -> int:
    """What the program does, disk and all."""
    from ganstudio.datasets.catalogue import open_source
    from ganstudio.datasets.preparation import DatasetPrepared, PreparationConfig, prepare

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        source = open_source(path)
        *_, last = prepare(source, PreparationConfig(RESOLUTION), Path(folder))
        source.close()
        assert isinstance(last, DatasetPrepared)
        return len(last.dataset)


WAYS = {"plain loop": prepare_plainly, "ganstudio": prepare_here}


def peak_kb() -> int:
    """This process's peak memory; getrusage on Linux would count the process that started this one, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(way: str, path: Path) -> None:
    """Run one way in this process and print seconds and the growth of its peak memory in MB, as JSON."""
    before = peak_kb()
    started = time.perf_counter()
    count = WAYS[way](path)
    seconds = time.perf_counter() - started
    peak = peak_kb()
    print(json.dumps({"count": count, "seconds": seconds, "peak_mb": peak / 1024, "grown_mb": (peak - before) / 1024}))


def main(count: int = 10_000, side: int = 128) -> None:
    """Measure both ways in turn and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.zip"
        make_zip(path, count, side)
        path.read_bytes()
        runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way in WAYS:
                command = [sys.executable, __file__, "--measure", way, str(path)]
                answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                runs[way].append(json.loads(answer))
    print(f"{count} JPEG pictures of {side} px in a zip, to {RESOLUTION} px RGB; median of {ROUNDS}")
    seconds = {way: statistics.median(run["seconds"] for run in measured) for way, measured in runs.items()}
    for way, measured in runs.items():
        spread = [count / run["seconds"] for run in measured]
        print(
            f"{way:>11}: {count / seconds[way]:7.0f} pictures/s ({min(spread):.0f} to {max(spread):.0f}), "
            f"peak memory {max(run['peak_mb'] for run in measured):.0f} MB "
            f"(grown by {max(run['grown_mb'] for run in measured):.0f} MB)"
        )
    print(f"ratio of times, ganstudio / plain loop: {seconds['ganstudio'] / seconds['plain loop']:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
