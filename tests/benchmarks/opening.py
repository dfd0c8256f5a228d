"""How long opening a large model takes in the window, how late the window is meanwhile, and how much memory it takes.

Run: python tests/benchmarks/opening.py [FILE]. Without a file, a StyleGAN2 of 1024 px with random weights is made, as
rosinality's training file of g, g_ema and as many numbers again (about 370 MB). Offscreen unless QT_QPA_PLATFORM says
otherwise; the file is read once before, so that the disk does not count.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from benchmark_window import open_window, wait_until, write_model
from PySide6.QtCore import QTimer

_TICK_MS = 10


def make_file(folder: Path) -> Path:
    """Write the large file."""
    import torch

    from ganstudio.checkpoints.conversion import convert

    model = write_model(folder, "stylegan2", resolution=1024)
    list(convert(model, folder / "small.pt", "rosinality"))
    content = torch.load(folder / "small.pt", weights_only=True)
    content["g"] = {name: value.clone() for name, value in content["g_ema"].items()}
    content["d"] = {"convs.weight": torch.randn(30_000_000)}
    torch.save(content, folder / "large.pt")
    return folder / "large.pt"


def measure(path: Path) -> None:
    """Open it in a window that has drawn its own model, and print what was seen."""
    with open_window() as window:
        wait_until(lambda: not window.opener.is_busy)
        gaps: list[float] = []
        last = [time.perf_counter()]
        timer = QTimer(interval=_TICK_MS)

        def tick() -> None:
            now = time.perf_counter()
            gaps.append((now - last[0]) * 1000 - _TICK_MS)
            last[0] = now

        timer.timeout.connect(tick)
        before = _held()
        started = time.perf_counter()
        path.read_bytes()
        read_s = time.perf_counter() - started
        timer.start()
        last[0] = started = time.perf_counter()
        steps: list[tuple[float, str]] = []
        window.jobs.changed.connect(
            lambda: steps.extend(
                (time.perf_counter() - started, window.jobs.progress(job).text) for job in window.jobs.jobs()
            )
        )
        window.opener.open(path)
        wait_until(lambda: not window.opener.is_busy)
        opened_s = time.perf_counter() - started
        timer.stop()
    first = {text.split(" of ")[0] if " of " in text else text: at for at, text in reversed(steps)}
    late = sorted(gaps)
    print(
        f"file {path.stat().st_size / 2**20:.0f} MB; read_bytes {read_s:.2f} s; open to first picture {opened_s:.2f} s"
    )
    for text, at in sorted(first.items(), key=lambda pair: pair[1]):
        if not text.isdigit():
            print(f"  {at:6.2f} s  {text}")
    middle, nearly_all = late[len(late) // 2], late[int(0.99 * len(late))]
    print(f"window late: median {middle:.1f} ms, 99 % below {nearly_all:.1f} ms, worst {late[-1]:.1f} ms")
    print(f"memory before {before:.0f} MB, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _held() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Measure one file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    wanted = parser.parse_args().file
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GANSTUDIO_HOME"] = folder
        measure(wanted or make_file(Path(folder)))


if __name__ == "__main__":
    main()
