"""`ganstudio runs`: the runs in a folder, and how two of them differ."""

import argparse
import json
from pathlib import Path
from typing import Any

from ganstudio.cli.base import VERBS, Verb
from ganstudio.training.runs.comparing import differences, recipe_of
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import RunSummary, list_runs, runs_folder

_DESCRIPTION = """\
List the training runs in a folder: how far each is, its best distance to held-out pictures (KID x 1000; compare only
runs on the same pictures and size), its recipe and note. Without a folder: those that the window has made.

examples:
  ganstudio runs runs/
  ganstudio runs runs/ --json
  ganstudio runs --differences runs/one runs/two
  ganstudio runs --note runs/one "smaller R1: sharper, less varied"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="where runs are kept")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument(
        "--differences", metavar=("A", "B"), type=Path, nargs=2, help="the settings that two runs differ in"
    )
    acts.add_argument("--note", metavar=("RUN", "TEXT"), nargs=2, help="keep a note on a run")


def run(options: argparse.Namespace) -> int:
    """List, compare or note."""
    if options.note is not None:
        RunFolder(Path(options.note[0])).write_note(options.note[1])
    elif options.differences is not None:
        _print_differences(*options.differences, as_json=options.json)
    else:
        _print_runs(list_runs(options.folder or runs_folder()), options.json)
    return 0


def _print_runs(runs: list[RunSummary], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"runs": [_plain(run) for run in runs]}))
        return
    rows = [("run", "state", "kimg", "best", "recipe", "note"), *map(_row, runs)]
    widths = [max(len(row[index]) for row in rows) for index in range(4)]
    for row in rows:
        start = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False))
        print("  ".join(filter(None, (start, *row[4:]))).rstrip())


def _row(run: RunSummary) -> tuple[str, ...]:
    best = "" if run.best is None else f"{1000 * run.best[1]:.2f} at {run.best[0]:.4g}"
    recipe = run.problem if run.config is None else recipe_of(run.config)
    note = " ".join(run.note.split())
    return run.path.name, run.state, f"{run.kimg:.5g} of {run.planned_kimg:.5g}", best, recipe, note and f"({note})"


def _plain(run: RunSummary) -> dict[str, Any]:
    best = None if run.best is None else {"kimg": run.best[0], "kid": run.best[1]}
    recipe = None if run.config is None else recipe_of(run.config)
    return {
        "name": run.path.name, "path": str(run.path), "state": run.state, "kimg": run.kimg,
        "planned_kimg": run.planned_kimg, "best": best, "recipe": recipe, "pictures": run.pictures,
        "place": run.place, "begun": run.begun, "note": run.note, "problem": run.problem,
    }  # fmt: skip


def _print_differences(first: Path, second: Path, *, as_json: bool) -> None:
    found = differences(RunFolder(first).config(), RunFolder(second).config())
    if as_json:
        print(json.dumps({"differences": [vars(one) for one in found]}))
    elif not found:
        print("all settings are the same")
    for one in () if as_json else found:
        print(f"{one.title}: {one.first or 'none'} | {one.second or 'none'}")


VERBS.add("runs", Verb("list training runs, compare two", _DESCRIPTION, add_arguments, run))
