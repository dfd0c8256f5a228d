"""`ganstudio inspect`: what a file or folder is."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.base import Assumptions, CheckpointError
from ganstudio.cli.base import VERBS, Verb, add_assume
from ganstudio.cli.fact_sheets import (
    describe_animation,
    describe_checkpoint,
    describe_dataset,
    describe_image,
    describe_latents,
    describe_project,
    describe_run,
    plain,
)
from ganstudio.cli.file_kinds import CHOICES, Kind, find_file_kind
from ganstudio.errors import GanStudioError

_DESCRIPTION = """\
Say what a file or folder is, without running anything in it: a checkpoint, latents or directions, a data set, a
picture, a project, a film that was exported here, or a training run's folder (of any known program).

The kind is told by content; --as says it, where a file could be two things. A file that is refused gives exit code 3
and one line that says why and what to do.

examples:
  ganstudio inspect model.safetensors
  ganstudio inspect network.pkl --json --tensors
  ganstudio inspect age.pt --as direction --assume space=w
  ganstudio inspect training-runs/00000-stylegan2 --json
"""
_Describe = Callable[[Path, Assumptions, bool], dict[str, Any]]
_SHEETS: dict[Kind, _Describe] = {
    "checkpoint": describe_checkpoint,
    "direction": describe_latents,
    "dataset": describe_dataset,
    "image": describe_image,
    "project": describe_project,
    "animation": describe_animation,
    "run": describe_run,
}
_LONGEST_LIST = 20
_HIDDEN = ("curves", "tensors")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file or folder to look at")
    parser.add_argument("--as", dest="kind", choices=CHOICES, help="what to take it for (default: told by content)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--tensors", action="store_true", help="list all tensors with shape and SHA-256 of their bytes")
    add_assume(parser)


def run(options: argparse.Namespace) -> int:
    """Look and print."""
    path = options.file
    try:
        kind = options.kind or find_file_kind(path)
        facts = _SHEETS[kind](path, options.assume, options.tensors)
    except CheckpointError:
        raise
    except GanStudioError as error:
        raise _refusal(path, error) from error
    except (OSError, RecursionError, MemoryError) as error:
        raise CheckpointError(path, f"it cannot be read ({type(error).__name__})", "check the file") from error
    text = json.dumps(plain(facts), indent=2) if options.json else _format_page(path, facts)
    print(text.encode(errors="backslashreplace").decode())  # names of strangers' files need not be Unicode
    return 0


def _refusal(path: Path, error: GanStudioError) -> CheckpointError:
    """The same error about the file that was asked for, so that scripts know refusals by one exit code."""
    about = "" if error.subject.startswith(str(path)) else f"{error.subject}: "
    return CheckpointError(path, about + error.reason, error.remedy or "choose another file")


def _format_page(path: Path, facts: dict[str, Any]) -> str:
    shown = _checkpoint_rows(facts) if facts["kind"] == "checkpoint" else facts
    rows = {name: value for name, value in shown.items() if name not in _HIDDEN and value not in (None, [], {}, "")}
    lines = [str(path)]
    for name, value in rows.items():
        lines += _format_row(name.replace("_", " "), value)
    for name, tensor in facts.get("tensors", {}).items():
        lines.append(f"  {name}  {tensor['dtype']}{tensor['shape']}  {tensor['sha256'][:16]}…")
    return "\n".join(lines)


def _checkpoint_rows(facts: dict[str, Any]) -> dict[str, Any]:
    names = ("format", "family", "components", "directions", "confidence", "warnings", "facts")
    if facts["resolution"] is None:
        return {"kind": "checkpoint", **{name: facts[name] for name in names}}
    side, law = facts["resolution"], facts["latent_law"]
    colours = {1: "grey", 3: "RGB"}.get(facts["channels"], f"{facts['channels']} channels")
    styles = f", then {facts['num_ws']} w of {facts['w_dim']}" if facts["num_ws"] else ""
    return {
        "kind": "checkpoint",
        "pictures": f"{side} x {side}, {colours}",
        "latent": f"{facts['z_dim']} numbers, {law}{styles}",
        "classes": facts["class_names"] or facts["c_dim"] or "none",
        **{name: facts[name] for name in names},
    }


def _format_row(name: str, value: Any, indent: str = "  ") -> list[str]:
    if isinstance(value, dict):
        if all(isinstance(part, str | int) for part in value.values()) and len(value) <= 3:
            return [f"{indent}{name:<14} {_format_value(value)}"]
        lines = [f"{indent}{name}"]
        for key, part in value.items():
            lines += _format_row(str(key), part, indent + "  ")
        return lines
    return [f"{indent}{name:<14} {_format_value(value)}"]


def _format_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], dict):
            return f"{len(value)} (--json lists them)"
        shown = ", ".join(_format_value(part) for part in value[:_LONGEST_LIST])
        return f"{shown} … ({len(value)} in all)" if len(value) > _LONGEST_LIST else shown
    if isinstance(value, dict):
        return ", ".join(f"{name} {_format_value(part)}" for name, part in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


VERBS.add("inspect", Verb("say what a file or folder is", _DESCRIPTION, add_arguments, run))
