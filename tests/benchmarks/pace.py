"""How evenly the picture changes from frame to frame along a way, before and after it is timed anew.

Run: python tests/benchmarks/pace.py [CHECKPOINT] [--pictures 5] [--frames 150]. Goes through random pictures of the
built-in model (or another) by each way, open and as a loop, and prints the largest distance of a frame's change from
the mean change, over the mean.
"""

import argparse
import time
from pathlib import Path

from ganstudio.animation.easing import Easing
from ganstudio.animation.pace import PaceMeasured, PaceRequest, measure_pace
from ganstudio.animation.timeline import LATENT_WAYS, Key, Timeline, Track
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.rendering.looks.look import Look


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", type=Path, default=builtin_path())
    parser.add_argument("--pictures", type=int, default=5)
    parser.add_argument("--frames", type=int, default=150)
    options = parser.parse_args()
    for easing in ("cubic", "linear"):
        for way in LATENT_WAYS:
            for is_loop in (False, True):
                report(options, easing, way, is_loop)


def report(options: argparse.Namespace, easing: str, way: str, is_loop: bool) -> None:
    """Measure one way and print a line."""
    gaps = options.pictures if is_loop else options.pictures - 1
    places = [round(place * (options.frames - (not is_loop)) / gaps) for place in range(options.pictures)]
    keys = tuple(Key(frame, Look(seed=frame + 11), Easing(easing)) for frame in places)
    timeline = Timeline(options.frames, tracks=(Track("latent", keys, way),), is_loop=is_loop)  # type: ignore[arg-type]
    begun = time.perf_counter()
    found = list(measure_pace(PaceRequest(str(options.checkpoint), timeline, Look())))[-1]
    assert isinstance(found, PaceMeasured)
    loop = f"; last step {found.after.closure:.2f} of the largest other" if is_loop else ""
    print(f"{easing:6} {way:8} {'loop' if is_loop else 'open'}: {found.before.variation:5.0%} before, "
          f"{found.after.variation:5.1%} after ({time.perf_counter() - begun:.1f} s){loop}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
