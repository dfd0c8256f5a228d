"""`ganstudio inspect`: what a file is."""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.base import CheckpointDescription, TensorData
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.cli.base import VERBS, Verb
from ganstudio.training.run_folder import RunFolder

_DESCRIPTION = """\
Say what a checkpoint file (or a training run's folder) is, without running anything in it.

examples:
  ganstudio inspect model.safetensors
  ganstudio inspect model.safetensors --json --tensors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to look at")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--tensors", action="store_true", help="list all tensors with shape and SHA-256 of their bytes")


def run(options: argparse.Namespace) -> int:
    """Look and print."""
    path = newest_snapshot(options.file)
    if options.tensors:
        checkpoint = read(path)
        facts = collect_facts(checkpoint.description)
        facts["tensors"] = {name: describe_tensor(tensor) for name, tensor in sorted(checkpoint.tensors.items())}
    else:
        facts = collect_facts(describe(path))
    print(json.dumps(facts, indent=2) if options.json else _format_page(path, facts))
    return 0


def newest_snapshot(path: Path) -> Path:
    """Return the newest snapshot of a run folder; any other path as it is."""
    snapshots = RunFolder(path).snapshots() if RunFolder(path).exists else ()
    return snapshots[-1][1] if snapshots else path


def collect_facts(description: CheckpointDescription) -> dict[str, Any]:
    """The object that `--json` prints, without the tensors."""
    spec = description.spec
    return {
        "format": description.format,
        "family": description.family,
        "components": {
            name: {"role": part.role, "class": part.class_name, "parameters": part.parameters}
            for name, part in description.components.items()
        },
        "z_dim": spec.z_dim,
        "w_dim": spec.w_dim or None,
        "num_ws": spec.num_ws or None,
        "c_dim": spec.num_classes,
        "resolution": spec.resolution,
        "channels": spec.channels,
        "latent_law": spec.latent_law,
        "output_range": list(spec.output_range),
        "confidence": description.confidence,
        "warnings": list(description.warnings),
        "class_names": list(description.class_names),
        "directions": [direction.title for direction in description.directions],
        "facts": description.facts,
    }


def describe_tensor(tensor: TensorData) -> dict[str, Any]:
    """Type, shape and SHA-256 of the little-endian C-order bytes."""
    return {
        "dtype": tensor.dtype,
        "shape": list(tensor.shape),
        "sha256": hashlib.sha256(tensor.bits()).hexdigest(),
    }


def _format_page(path: Path, facts: dict[str, Any]) -> str:
    parameters = sum(part["parameters"] for part in facts["components"].values())
    classes = ", ".join(facts["class_names"]) or (facts["c_dim"] or "none")
    rows = {
        "format": facts["format"],
        "family": facts["family"],
        "pictures": f"{facts['resolution']} x {facts['resolution']}, {'RGB' if facts['channels'] == 3 else 'grey'}",
        "latent": f"{facts['z_dim']} numbers, {facts['latent_law']}",
        "classes": classes,
        "parameters": f"{parameters:,}",
        "directions": ", ".join(facts["directions"]) or "none",
        **facts["facts"],
        **({"warnings": "; ".join(facts["warnings"])} if facts["warnings"] else {}),
    }
    lines = [str(path), *(f"  {name:<12} {value}" for name, value in rows.items())]
    for name, tensor in facts.get("tensors", {}).items():
        lines.append(f"  {name}  {tensor['dtype']}{tensor['shape']}  {tensor['sha256'][:16]}…")
    return "\n".join(lines)


VERBS.add("inspect", Verb("say what a checkpoint file or run folder is", _DESCRIPTION, add_arguments, run))
