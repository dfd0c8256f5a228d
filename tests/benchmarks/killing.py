"""Kills a process with a document and its autosave at random moments, and says what was lost.

python tests/benchmarks/killing.py [--kills 200] [--delay-ms 50]

The process (`tests/project/killed_window.py`) changes its project every millisecond and autosaves it with the window's
own autosave, `--delay-ms` after a change (3000 in the window, shorter here so that kills fall into writes). It tells on
a file what it applied, and when an autosave was complete.
"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from ganstudio.files import TEMPORARY_PREFIX
from ganstudio.project.session import claim_session
from tests.project.killed_window import seeds_of


def kill_once(home: Path, delay_ms: int, wait_s: float) -> None:
    """Start it, wait until it works, and a while more, and kill it."""
    told = home / "told.txt"
    told.write_text("")
    environment = {**os.environ, "GANSTUDIO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.project.killed_window", str(told), str(delay_ms)]
    process = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2])
    while not told.read_text():
        time.sleep(0.005)
    time.sleep(wait_s)
    process.send_signal(signal.SIGKILL)
    process.wait()


def main() -> None:
    """Kill, look, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--delay-ms", type=int, default=50)
    options = parser.parse_args()
    chance, lost, unreadable, behind, left = random.Random(0), [], 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for _ in range(options.kills):
            kill_once(home, options.delay_ms, chance.uniform(0, 0.4))
            left += len(list((home / "data").glob(f"{TEMPORARY_PREFIX}*")))
            place = claim_session(home / "data")
            applied, saved = seeds_of(home / "told.txt")
            if place.session is None and not saved and not lost:
                continue  # killed before the first autosave of all was complete
            if place.session is None or "could not be read" in place.notice:
                unreadable += 1
            else:
                seed = place.session.project.look.seed
                behind += seed < saved
                lost.append(applied - seed)
            if place.lock is not None:
                place.lock.release()
    print(f"{options.kills} kills, autosave {options.delay_ms} ms after a change")
    print(f"sessions that could not be read: {unreadable}; older than a complete autosave: {behind}")
    print(f"unfinished temporary files left, swept at the next start: {left}")
    print(f"changes lost (one a ms): median {statistics.median(lost):.0f}, most {max(lost)}")


if __name__ == "__main__":
    main()
