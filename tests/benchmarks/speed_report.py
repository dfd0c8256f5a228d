"""What the speed scripts share: timing, taking turns, the machine's own rate, and programs that run apart."""

import statistics
import subprocess
import sys
import time
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import torch


def find_original(folder: Path) -> None:
    """Let an original implementation be imported from its folder."""
    sys.path.insert(0, str(folder.resolve()))
    sys.modules.setdefault("requests", types.ModuleType("requests"))  # NVlabs' code wants it for downloads only


class Times(NamedTuple):
    """Milliseconds by the clock on the wall, and what all threads computed."""

    wall: float
    processor: float


def measure(work: Callable[[], object]) -> Times:
    """Time one run."""
    start = time.perf_counter(), time.process_time()
    work()
    return Times((time.perf_counter() - start[0]) * 1000, (time.process_time() - start[1]) * 1000)


def take_turns(ways: Mapping[str, Callable[[], Times]], runs: int) -> dict[str, Times]:
    """Let all ways take turns; medians, without the first run of each."""
    rows: dict[str, list[Times]] = {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            times = way()
            if run:
                rows[name].append(times)
    return {name: Times(*map(statistics.median, zip(*times, strict=True))) for name, times in rows.items()}


def matrix_rate(size: int = 2048, runs: int = 5) -> float:
    """Multiplications and additions of a product of large float32 matrices, in 1e9 a second."""
    left, right, out = torch.rand(size, size), torch.rand(size, size), torch.empty(size, size)
    times = [measure(lambda: torch.mm(left, right, out=out)).wall for _ in range(runs + 1)][1:]
    return 2 * size**3 / statistics.median(times) / 1e6


class Helper:
    """Another Python program that answers each line with a line: apart, so that settings of one do not help the other.

    Args:
        arguments: What the program is called with, its path first.
    """

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask()

    def ask(self, question: str = "") -> str:
        """Send a line, unless it is empty, and wait for one."""
        if question:
            self._process.stdin.write(question + "\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"a helper ended with {self._process.wait()}")
        return answer.strip()

    def run(self) -> Times:
        """Let it do its work once."""
        return Times(*map(float, self.ask("run").split()))

    def close(self) -> None:
        """End it."""
        self._process.stdin.close()
        self._process.wait()


def answer(work: Callable[[], torch.Tensor]) -> None:
    """What a `Helper` does: "run" is answered with the times, "save PATH" when the result is there, in a file."""
    print("ready", flush=True)
    for line in sys.stdin:
        verb, _, path = line.strip().partition(" ")
        if verb == "save":
            torch.save(work().clone(), path)
            print("saved", flush=True)
        else:
            print(*measure(work), flush=True)
