"""Generators in ONNX. Nothing in the file says what it is for: see `checkpoints/onnx/roles.py`.

The model runs through onnxruntime: on the processor, from the bytes that were checked here, without libraries of
operators, without loops (which could go on for ever), in bounded memory.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import (
    FORMATS,
    Array,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.onnx.graph import OnnxModel, Port, looks_like_model
from ganstudio.checkpoints.onnx.roles import Roles, channels_last, find_roles, output_range_of, with_size
from ganstudio.checkpoints.onnx.weights import with_inner_weights
from ganstudio.checkpoints.tree import TensorData
from ganstudio.networks.onnx_session import INSTALL, NUMPY_TYPES, OnnxSession, has_runtime
from ganstudio.networks.spec import GeneratorSpec, NetworkConfigError

MODEL_KEY = "__onnx__"
FAMILY = "onnx_graph"
NOTE_KEY = "ganstudio"
_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})
_ENDLESS = frozenset({"Loop", "Scan", "SequenceMap"})
_LAWS = ("normal", "uniform", "sphere")
_TRIAL_PICTURES = 4
_MAX_PX = 8192


@dataclass(frozen=True, eq=False)
class _Reading:
    """What is known of a file: how to call it, and how sure that is."""

    config: dict[str, Any]
    data: bytes = field(repr=False)
    confidence: float
    warnings: tuple[str, ...]
    class_names: tuple[str, ...] = ()


class OnnxFormat:
    """Finds latent, class, truncation and picture among the inputs and outputs of a graph."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        return looks_like_model(file.head) and isinstance(file.tree, dict) and MODEL_KEY in file.tree

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:
        """See `CheckpointFormat`; a model that does not say the size of its pictures is run once."""
        return _describe(file, _read(file, assumptions))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:
        """See `CheckpointFormat`."""
        reading = _read(file, assumptions)
        weights: dict[str, Array] = {"model": np.frombuffer(bytearray(reading.data), np.uint8)}
        return Checkpoint(_describe(file, reading), reading.config, weights, file.tensors)


def _describe(file: OpenedFile, reading: _Reading) -> CheckpointDescription:
    model: OnnxModel = file.tree[MODEL_KEY]
    config = reading.config
    parameters = sum(tensor.count for tensor in file.tensors.values())
    facts = {
        "producer": model.producer[:80],
        "opset": model.opset,
        "steps": len(model.steps),
        "inputs": [f"{port.name} {port.dtype}{_shown(port)}" for port in model.inputs],
        "outputs": [f"{port.name} {port.dtype}{_shown(port)}" for port in model.outputs],
        "latents_at_once": config["batch"] or "any number",
    }
    return CheckpointDescription(
        path=file.path,
        format="onnx",
        family=FAMILY,
        components={"generator": ComponentInfo("generator", "onnx.GraphProto", parameters)},
        spec=GeneratorSpec(
            math.prod(config["latent_shape"]), config["resolution"], config["channels"], config["num_classes"],
            latent_law=config["latent_law"], output_range=(config["low"], config["high"]),
        ),
        class_names=reading.class_names,
        facts=facts,
        confidence=reading.confidence,
        warnings=reading.warnings,
    )  # fmt: skip


def _shown(port: Port) -> str:
    return "[" + ", ".join("?" if size is None else str(size) for size in port.shape) + "]"


def _read(file: OpenedFile, assumptions: Assumptions) -> _Reading:
    model: OnnxModel = file.tree[MODEL_KEY]
    try:
        check_steps(model)
        weights = {name: tensor for name, tensor in file.tree.items() if isinstance(tensor, TensorData)}
        whole = (file.file or FileBytes.open(file.path)).whole.read()
        data = with_inner_weights(whole, model, weights)
        roles = find_roles(model, {**_said_by(model), **assumptions})
        return _decide(model, roles, data, {**_said_by(model), **assumptions})
    except ContentError as error:
        raise CheckpointError(file.path, error.reason, error.remedy) from error
    except NetworkConfigError as error:
        raise CheckpointError(file.path, error.reason, error.remedy) from error


def check_steps(model: OnnxModel) -> None:
    """Refuse what needs other people's programs, and what may never end."""
    for step in model.steps:
        if step.domain not in _DOMAINS and step.domain not in model.function_domains:
            reason = f"its operator {step.operator[:40]!r} belongs to the library {step.domain[:40]!r}"
            raise ContentError(reason, "export it with the operators of ONNX alone")
        if step.operator in _ENDLESS:
            raise ContentError(f"it has a step {step.operator}, which may go on for ever", "export it without loops")


def _said_by(model: OnnxModel) -> dict[str, str]:
    """What a model that this program wrote says of itself."""
    try:
        note = json.loads(model.notes.get(NOTE_KEY, "{}"))
    except (ValueError, RecursionError):
        return {}
    return (
        {str(name): value for name, value in note.items() if isinstance(value, str)} if isinstance(note, dict) else {}
    )


def _decide(model: OnnxModel, roles: Roles, data: bytes, said: Mapping[str, str]) -> _Reading:
    config = _calling(roles, len(data), said)
    output, images = roles.outputs[0], None
    if not _has_size(output):
        output, images = _try_outputs(config, roles, data)
    config |= _picture_facts(output, said)
    bounds, sureness, warnings = _output_range(model, output, said)
    if bounds is None:
        images = _trial_images(config, output, data) if images is None else images
        bounds, sureness, warnings = _guess_range(images)
    config |= {"low": bounds[0], "high": bounds[1]}
    classes = tuple(name for name in said.get("class_names", "").split("\n") if name)
    return _Reading(config, data, sureness, (*roles.warnings, *warnings), classes)


def _calling(roles: Roles, size: int, said: Mapping[str, str]) -> dict[str, Any]:
    law = said.get("latent_law", "normal")
    if law not in _LAWS:
        raise ContentError(f"there is no latent law {law[:20]!r}", f"choose one of {', '.join(_LAWS)}")
    latent, label, truncation = roles.latent, roles.label, roles.truncation
    config: dict[str, Any] = {
        "model_bytes": size,
        "latent_input": latent.name,
        "latent_type": latent.dtype,
        "latent_shape": _fixed(latent.shape[1:]),
        "latent_law": law,
        "num_classes": roles.num_classes,
        "batch": latent.shape[0] or 0,
        "silent_inputs": tuple(port.name for port in roles.silent),
        "silent_types": tuple(port.dtype for port in roles.silent),
        "silent_shapes": tuple(_fixed(port.shape) for port in roles.silent),
    }
    if label is not None:
        row = (roles.num_classes,) if len(label.shape) == 2 and label.shape[1] != 1 else _fixed(label.shape[1:])
        config |= {"label_input": label.name, "label_type": label.dtype, "label_shape": row}
    if truncation is not None:
        config |= {"truncation_input": truncation.name, "truncation_type": truncation.dtype,
                   "truncation_shape": _fixed(truncation.shape)}  # fmt: skip
    return config


def _fixed(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(size or 1 for size in shape)


def _has_size(port: Port) -> bool:
    return len(port.shape) == 4 and None not in port.shape[1:]


def _picture_facts(output: Port, said: Mapping[str, str]) -> dict[str, Any]:
    last = said["layout"] == "nhwc" if said.get("layout") in ("nchw", "nhwc") else channels_last(output)
    sizes = [size or 0 for size in output.shape]
    channels, height, width = (sizes[3], sizes[1], sizes[2]) if last else (sizes[1], sizes[2], sizes[3])
    if channels not in (1, 3) or height != width or not 1 <= height <= _MAX_PX:
        raise ContentError(f"its output {output.name!r} of {height} x {width} px, {channels} channels is no square "
                           "grey or RGB picture", "say another: --assume output=NAME,layout=nhwc")  # fmt: skip
    return {"output": output.name, "resolution": height, "channels": channels, "layout": "nhwc" if last else "nchw"}


def _output_range(
    model: OnnxModel, output: Port, said: Mapping[str, str]
) -> tuple[tuple[float, float] | None, float, tuple[str, ...]]:
    """The range of the output, how sure it is, and what to warn of; no range where only a trial can tell."""
    if "output_range" in said:
        return _parse_range(said["output_range"]), 1.0, ()
    if output.dtype == "uint8":
        return (0.0, 255.0), 1.0, ()
    bounds = output_range_of(model, output.name)
    if bounds is not None:
        return bounds, 0.95, ()
    if not has_runtime():
        warning = f"the range of its output is not known before onnxruntime is installed ({INSTALL})"
        return (-1.0, 1.0), 0.5, (warning,)
    return None, 0.0, ()


def _parse_range(text: str) -> tuple[float, float]:
    low, colon, high = text.partition(":")
    try:
        bounds = float(low), float(high)
    except ValueError:
        bounds = (0.0, 0.0)
    if not colon or not -1e6 < bounds[0] < bounds[1] < 1e6:
        raise ContentError(f"{text[:40]!r} is no range of values", "write it as output_range=-1:1")
    return bounds


def _guess_range(images: npt.NDArray[np.float32]) -> tuple[tuple[float, float], float, tuple[str, ...]]:
    """Tell the range by a few pictures: nothing in a graph says it where no last operation bounds it."""
    low, high = (float(value) for value in np.quantile(images, (0.001, 0.999)))
    warning = "the range of its output is guessed from a few pictures (--assume output_range=LOW:HIGH)"
    if low >= -0.05 and high > 2.0:
        return (0.0, 255.0), 0.8, (warning,)
    if low >= -0.05 and high <= 1.05:
        return (0.0, 1.0), 0.8, (warning,)
    return (-1.0, 1.0), 0.8, (warning,)


def _try_outputs(config: dict[str, Any], roles: Roles, data: bytes) -> tuple[Port, npt.NDArray[np.float32]]:
    """Run the model once, to see which output holds pictures and how large they are."""
    if not has_runtime():
        raise ContentError("it does not say how large its pictures are, which only running it can tell", INSTALL)
    wanted = [port.name for port in roles.outputs]
    try:
        results = _run(config, wanted, data)
    except NetworkConfigError:
        if config["batch"]:
            raise
        config["batch"] = 1  # many exports say that they take any number, and take the one they were traced with
        results = _run(config, wanted, data)
    for port, result in zip(roles.outputs, results, strict=True):
        found = with_size(port, result.shape)
        if _has_size(found) and (channels_last(found) or found.shape[1] in (1, 3)):
            return replace(found, shape=(None, *found.shape[1:])), result.astype(np.float32)
    shown = ", ".join(f"{port.name} {list(result.shape)}" for port, result in zip(roles.outputs, results, strict=True))
    raise ContentError(f"none of its outputs holds pictures ({shown[:120]})", "open the model of a generator")


def _trial_images(config: dict[str, Any], output: Port, data: bytes) -> npt.NDArray[np.float32]:
    images = _run(config, [output.name], data)[0].astype(np.float32)
    if not np.isfinite(images).all():
        raise ContentError("its pictures hold values that are no numbers", "export it again")
    return images


def _run(config: dict[str, Any], wanted: list[str], data: bytes) -> list[npt.NDArray[np.generic]]:
    """Draw a few latents with a model whose output is not known yet."""
    count = config["batch"] or _TRIAL_PICTURES
    random = np.random.default_rng(0)
    shape = (count, *config["latent_shape"])
    given: dict[str, npt.NDArray[np.generic]] = {
        config["latent_input"]: random.standard_normal(shape).astype(NUMPY_TYPES[config["latent_type"]])
    }
    if "label_input" in config:
        given[config["label_input"]] = np.zeros((count, *config["label_shape"]), NUMPY_TYPES[config["label_type"]])
    if "truncation_input" in config:
        kind = NUMPY_TYPES[config["truncation_type"]]
        given[config["truncation_input"]] = np.ones(config["truncation_shape"], kind)
    for name, dtype, size in zip(config["silent_inputs"], config["silent_types"], config["silent_shapes"], strict=True):
        given[name] = np.zeros(size, NUMPY_TYPES[dtype])
    return OnnxSession(data, 1).run(given, wanted)


def note(spec: GeneratorSpec, class_names: tuple[str, ...]) -> str:
    """What a model that this program writes says of itself, beside names and shapes."""
    low, high = spec.output_range
    said = {"latent_law": spec.latent_law, "output_range": f"{low}:{high}", "class_names": "\n".join(class_names)}
    return json.dumps(said | ({"num_classes": str(spec.num_classes)} if spec.num_classes else {}))


FORMATS.add("onnx", OnnxFormat())
