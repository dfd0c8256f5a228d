"""What `inspect` prints of each kind of file, as plain values for JSON."""

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.animation.carried_text import container_of
from ganstudio.animation.timeline import Timeline
from ganstudio.checkpoints.base import Assumptions, CheckpointDescription, CheckpointError, OpenedFile, TensorData
from ganstudio.checkpoints.catalogue import format_of
from ganstudio.checkpoints.errors import NoGeneratorError
from ganstudio.checkpoints.latents.catalogue import read_opened as read_opened_latents
from ganstudio.checkpoints.rebuilding.choosing import find_networks
from ganstudio.checkpoints.torchscript import is_script, script_tensors
from ganstudio.datasets.base import DATASETS, PictureSource
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.pictures import MAX_FILE_BYTES, decode_picture, find_kind
from ganstudio.images import read_recipe
from ganstudio.picture_texts import PictureTextError
from ganstudio.project.animation_files import read_carried_project
from ganstudio.project.file import ProjectContent, from_json, read_object
from ganstudio.project.recipe import read_recipe as check_recipe
from ganstudio.rendering.looks.checking import LookError
from ganstudio.training.runs.readers.base import RunRecord, Stamped
from ganstudio.training.runs.readers.catalogue import is_run, open_run

_MOST_NAMES = 1000
_MOST_LEVELS = 20


def describe_checkpoint(path: Path, assumptions: Assumptions, with_tensors: bool = False) -> dict[str, Any]:
    """The contract of `inspect --json`; of a run folder, its best snapshot; raises CheckpointError."""
    file = OpenedFile.open(best_snapshot(path))
    try:
        facts = {"kind": "checkpoint", **collect_facts(format_of(file).describe(file, assumptions))}
    except NoGeneratorError as error:
        facts = {"kind": "checkpoint", **_weights_facts(file, error)}
    return _with_tensors(facts, file) if with_tensors else facts


def describe_latents(path: Path, assumptions: Assumptions, with_tensors: bool = False) -> dict[str, Any]:
    """Facts of a file of latents or directions; raises CheckpointError."""
    file = OpenedFile.open(path)
    found = read_opened_latents(file, assumptions)
    facts: dict[str, Any] = {
        "kind": found.kind,
        "format": found.format,
        "space": found.space,
        "count": found.count,
        "shape": list(found.shape),
        "names": list(found.names[:_MOST_NAMES]),
        "deviations": [round(value, 6) for value in found.deviations[:_MOST_NAMES]],
        "layers": [list(part) if part else None for part in found.layers],
        "sliders": [list(part) for part in found.sliders],
        "arrays": {name: list(array.shape) for name, array in found.arrays.items()},
        "facts": dict(found.facts),
        "confidence": 0.7 if found.warnings else 1.0,
        "warnings": list(found.warnings),
    }
    return _with_tensors(facts, file) if with_tensors else facts


def describe_dataset(path: Path, _assumptions: Assumptions, _with_tensors: bool = False) -> dict[str, Any]:
    """Facts of a set of pictures; raises DatasetError."""
    source = open_source(path)
    try:
        return {
            "kind": "dataset",
            "format": _dataset_format(path),
            "title": source.title,
            "pictures": len(source),
            "classes": len(source.class_names),
            "class_names": list(source.class_names[:_MOST_NAMES]),
            "factor_names": list(source.factor_names),
            **_first_picture(source),
            "left_out": [f"{skipped.name}: {skipped.reason}" for skipped in source.left_out[:_MOST_NAMES]],
        }
    finally:
        source.close()


def describe_image(path: Path, _assumptions: Assumptions, _with_tensors: bool = False) -> dict[str, Any]:
    """Facts of a picture, decoded to be sure; raises CheckpointError or PictureError."""
    file = OpenedFile.open(path)
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise CheckpointError(path, f"it is far too large for a picture ({size:,} bytes)", "choose a picture")
    picture = decode_picture(path.read_bytes(), str(path))
    recipe, warnings = _recipe_of(path)
    return {
        "kind": "image",
        "format": find_kind(file.head),
        "width": picture.width,
        "height": picture.height,
        "channels": len(picture.getbands()),
        "mode": picture.mode,
        "bytes": size,
        "made_here": recipe is not None,
        "recipe": recipe,
        "warnings": warnings,
    }


def _recipe_of(path: Path) -> tuple[dict[str, Any] | None, list[str]]:
    """What a picture says of its making, and what is wrong with that."""
    try:
        values = read_recipe(path)
        if values is not None:
            check_recipe(values)
    except PictureTextError as error:
        return None, [error.reason]
    except LookError as error:
        return values, [f"{error.subject}: {error.reason}"]
    return values, []


def describe_project(path: Path, _assumptions: Assumptions, _with_tensors: bool = False) -> dict[str, Any]:
    """Facts of a project file; raises ProjectFileError."""
    OpenedFile.open(path)  # refuses folders and pipes
    values = read_object(path)
    return {"kind": "project", "format": "ganstudio_project", **_project_facts(path, values)}


def describe_animation(path: Path, _assumptions: Assumptions, _with_tensors: bool = False) -> dict[str, Any]:
    """Facts of the project that a film carries; nothing of the film is decoded. Raises PictureTextError, likewise."""
    file = OpenedFile.open(path)
    values = read_carried_project(path)
    return {
        "kind": "animation",
        "format": container_of(file.head) or "unknown",
        "bytes": path.stat().st_size,
        "made_here": values is not None,
        **({} if values is None else _project_facts(path, values)),
    }


def _project_facts(path: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    content = from_json(path, values)
    project = content.project
    return {
        "schema": values["schema"],
        "program": content.program,
        "checkpoint": project.checkpoint,
        "models": {model: _model_facts(content, model) for model in project.checkpoints},
        "look": project.look.to_json(),
        "history": len(project.history),
        "history_index": project.history_index,
        "favourites": len(project.favourites),
        "names": [entry.name for entry in (*project.history, *project.favourites) if entry.name][:_MOST_NAMES],
        "liked": len(project.liked),
        "disliked": len(project.disliked),
        "view": project.view,
        "grid_side": project.grid_side,
        "timeline": _timeline_facts(project.timeline),
    }


def _timeline_facts(timeline: Timeline) -> dict[str, Any]:
    return {
        "frames": timeline.length,
        "fps": str(timeline.fps),
        "seconds": round(timeline.seconds, 3),
        "loop": timeline.is_loop,
        "tracks": {track.parameter: len(track.keys) for track in timeline.tracks},
        "markers": len(timeline.markers),
        "sound": timeline.sound,
    }


def _model_facts(content: ProjectContent, model: str) -> dict[str, Any]:
    known = content.models.get(model)
    facts = {"sha256": known.sha256, "bytes": known.size_bytes} if known else {"sha256": None, "bytes": None}
    return {**facts, "is_there": Path(model).is_file()}


def describe_run(path: Path, _assumptions: Assumptions, _with_tensors: bool = False) -> dict[str, Any]:
    """Facts of a run folder; raises RunFolderError."""
    record = open_run(path)
    best = record.best_snapshot()
    return {
        "kind": "run",
        "format": record.format,
        "title": record.title,
        "unit": record.unit,
        "moment": record.moment,
        "planned": record.planned,
        "best_snapshot": None if best is None else {
            "moment": best.moment, "path": str(best.path), "reason": best.reason,
        },
        "snapshots": _list_stamped(record.snapshots),
        "sample_sheets": _list_stamped(record.sheets),
        "tile_px": record.tile_px,
        "reals": None if record.reals is None else str(record.reals),
        "metrics": _list_measurements(record),
        "curves": {
            curve.name: {"role": curve.role, "x": list(curve.moments), "y": list(curve.values)}
            for curve in record.curves
        },
        "facts": dict(record.facts),
        "skipped_lines": record.skipped_lines,
        "warnings": list(record.warnings),
    }  # fmt: skip


def best_snapshot(path: Path) -> Path:
    """Return the best snapshot of a run folder; any other path as it is."""
    best = open_run(path).best_snapshot() if is_run(path) else None
    return best.path if best else path


def collect_facts(description: CheckpointDescription) -> dict[str, Any]:
    """The object that `--json` prints of a checkpoint, without the tensors."""
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
        "facts": dict(description.facts),
    }


def _weights_facts(file: OpenedFile, error: NoGeneratorError) -> dict[str, Any]:
    """The same object for weights that nothing can be drawn with: what is known of them, and why."""
    unknown = dict.fromkeys(
        ("family", "z_dim", "w_dim", "num_ws", "c_dim", "resolution", "channels", "latent_law", "output_range")
    )
    networks = {part.part.place or part.role or "weights": part for part in find_networks(file.tree)}
    return {
        "format": "weights",
        **unknown,
        "components": {
            name: {
                "role": network.role or "unknown",
                "class": network.part.class_name,
                "parameters": network.part.parameters,
            }
            for name, network in networks.items()
        },
        "confidence": 0.0,
        "warnings": [f"{error.reason}; {error.remedy}"],
        "class_names": [],
        "directions": [],
        "facts": {},
    }


def describe_tensor(tensor: TensorData) -> dict[str, Any]:
    """Type, shape and SHA-256 of the little-endian C-order bytes."""
    return {
        "dtype": tensor.dtype,
        "shape": list(tensor.shape),
        "sha256": hashlib.sha256(tensor.bits()).hexdigest(),
    }


def _with_tensors(facts: dict[str, Any], file: OpenedFile) -> dict[str, Any]:
    tensors = script_tensors(file.tree) if is_script(file.tree) else file.tensors
    return {**facts, "tensors": {name: describe_tensor(tensor) for name, tensor in sorted(tensors.items())}}


def _dataset_format(path: Path) -> str:
    head = b"" if path.is_dir() else OpenedFile.open(path).head[:4096]
    return next((name for name in DATASETS if DATASETS[name].detect(path, head)), "unknown")


def _first_picture(source: PictureSource) -> dict[str, Any]:
    picture = source.read(0)
    return {"width": picture.width, "height": picture.height, "channels": len(picture.getbands()), "mode": picture.mode}


def _list_stamped(pairs: Stamped) -> list[dict[str, Any]]:
    return [{"moment": moment, "path": str(path)} for moment, path in pairs]


def _list_measurements(record: RunRecord) -> list[dict[str, Any]]:
    return [
        {
            "metric": measured.metric,
            "moment": measured.moment,
            "value": measured.value,
            "snapshot": None if measured.snapshot is None else str(measured.snapshot),
        }
        for measured in record.measurements
    ]


def plain(values: Any, depth: int = 0) -> Any:
    """Make values of strangers fit for JSON: what it lacks becomes text, numbers that are none become null."""
    if depth > _MOST_LEVELS:
        return "…"
    if isinstance(values, dict):
        return {str(name): plain(value, depth + 1) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [plain(value, depth + 1) for value in values]
    if isinstance(values, np.generic):
        return plain(values.item(), depth + 1)
    if isinstance(values, float) and not math.isfinite(values):
        return None
    return values if values is None or isinstance(values, bool | int | float | str) else str(values)[:200]
