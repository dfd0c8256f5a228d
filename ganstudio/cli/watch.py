"""`ganstudio watch`: follow a run that is trained elsewhere."""

import argparse
import time
from pathlib import Path

from ganstudio.cli.base import VERBS, Verb
from ganstudio.cli.long_work import format_duration, stop_signals
from ganstudio.cli.progress_line import ProgressLine
from ganstudio.training.runs.comparing import recipe_of
from ganstudio.training.runs.following import RunFollower
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.health import diagnose

_DESCRIPTION = """\
Follow a training run by its folder, from anywhere that sees it: how far it is, how well, and what is wrong with it,
since when and how sure. It reads only, and ends when the run does; Ctrl+C stops watching, not the run.

examples:
  ganstudio watch runs/mine
  ganstudio watch /mnt/server/runs/faces --every 30
  ganstudio watch runs/mine --once
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run_folder", metavar="RUN", type=Path, help="folder of the run")
    parser.add_argument("--once", action="store_true", help="say how it stands, and end")
    parser.add_argument("--every", metavar="SECONDS", type=float, default=2.0, help="how often to look (default: 2)")


def run(options: argparse.Namespace) -> int:
    """Watch."""
    folder = RunFolder(options.run_folder)
    follower = RunFollower(folder)
    config = follower.history.config
    print(f"{folder.name}: {recipe_of(config) if config is not None else ''}", flush=True)
    teller = _Teller()
    with stop_signals() as stop:
        while True:
            is_trained = folder.is_locked()  # asked before reading: what is written last is read after it
            follower.poll()
            teller.tell(follower.history)
            if options.once or not is_trained:
                break
            if stop.wait(max(options.every, 0.1)):
                return 130
    print(_say_end(follower.history, is_trained), flush=True)
    return 0


class _Teller:
    """Says what is new."""

    def __init__(self) -> None:
        self._line = ProgressLine()
        self._findings: set[str] = set()
        self._warnings = 0

    def tell(self, history: RunHistory) -> None:
        """Renew the line, and say what has gone wrong, or is well again, since the last time."""
        for kimg, message in history.warnings[self._warnings :]:
            self._line.say(f"warning at {kimg:.1f} kimg: {message}")
        self._warnings = len(history.warnings)
        found = {finding.title: finding for finding in diagnose(history) if finding.title != "Something failed"}
        for title, finding in found.items():
            if title not in self._findings:
                since = f"since {finding.since_kimg:.1f} kimg, {finding.confidence:.0%} sure"
                self._line.say(f"{finding.severity}: {title} ({since}). {finding.advice}")
        for title in self._findings - set(found):
            self._line.say(f"over: {title}")
        self._findings = set(found)
        self._line.update(_say_progress(history))


def _say_progress(history: RunHistory) -> str:
    parts = [f"{history.kimg:8.2f} of {history.planned_kimg:g} kimg"]
    if history.images_per_second:
        parts.append(f"{history.images_per_second:6.1f} img/s")
    last = history.scalars[-1] if history.scalars else {}
    parts += [f"{title} {last[name]:4.0%}" for name, title in (("d_real", "D(real)"), ("d_fake", "D(fake)"))
              if name in last]  # fmt: skip
    score = history.scores[-1] if history.scores else {}
    parts += [f"{name} {score[name]:.4g}" for name in ("kid", "diversity") if name in score]
    if history.seconds_left is not None:
        parts.append(f"{format_duration(history.seconds_left)} left")
    return "  ".join(parts)


def _say_end(history: RunHistory, is_trained: bool) -> str:
    at_rest = "finished" if history.kimg >= history.planned_kimg - 1e-6 else "stopped"
    state = "being trained" if is_trained else at_rest
    best = "" if history.best_kimg is None else f"; best at {history.best_kimg:g} kimg"
    newest = f"; newest snapshot {history.snapshots[-1][1]}" if history.snapshots else ""
    return f"{state} at {history.kimg:.2f} of {history.planned_kimg:g} kimg ({time.strftime('%H:%M:%S')}){best}{newest}"


VERBS.add("watch", Verb("follow a training run", _DESCRIPTION, add_arguments, run))
