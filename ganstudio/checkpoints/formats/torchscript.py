"""TorchScript archives: their tensors and the classes of their modules are read as data, their program never runs.

Those that this program wrote say what they are; of others the network is rebuilt as from a pickled module, where that
can be done.
"""

import json
from dataclasses import replace
from typing import Any

import numpy as np

from ganstudio.checkpoints.base import (
    FORMATS,
    Array,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    CheckpointFormat,
    OpenedFile,
)
from ganstudio.checkpoints.formats.native import describe_header
from ganstudio.checkpoints.torchscript import as_module, has_program, is_script, notes, script_tensors

NOTE = "ganstudio.json"
NOTE_PREFIX = "traced.generator."
_WARNING = "a TorchScript program: it was not run, only its tensors and the names of its modules were taken"


class TorchScriptFormat:
    """Asks the other formats what the modules are."""

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        return file.head.startswith(b"PK") and is_script(file.tree)

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:
        """See `CheckpointFormat`."""
        header = _own_header(file)
        if header:
            return _own_description(file, header)
        rebuilt, checkpoint_format = _rebuilt(file)
        try:
            return _adopt(checkpoint_format.describe(rebuilt, assumptions))
        except CheckpointError as error:
            raise _refusal(file, error) from error

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:
        """See `CheckpointFormat`."""
        tensors = script_tensors(file.tree)
        header = _own_header(file)
        if header:
            return Checkpoint(_own_description(file, header), header["config"], _own_weights(file, header), tensors)
        rebuilt, checkpoint_format = _rebuilt(file)
        try:
            found = checkpoint_format.read(rebuilt, assumptions)
        except CheckpointError as error:
            raise _refusal(file, error) from error
        return replace(found, description=_adopt(found.description), tensors=tensors)


def _rebuilt(file: OpenedFile) -> tuple[OpenedFile, CheckpointFormat]:
    """The same file with its objects as pickled modules, and the format that knows them."""
    rebuilt = OpenedFile(file.path, file.head, file.file)
    vars(rebuilt)["tree"] = as_module(file.tree)  # stands where a parse would put it
    others = (name for name in sorted(FORMATS, key=lambda name: name == "state_dict") if name != "torchscript")
    for name in others:
        if FORMATS[name].detect(rebuilt):
            return rebuilt, FORMATS[name]
    raise _refusal(file, CheckpointError(file.path, "its modules are of no known network"))


def _adopt(description: CheckpointDescription) -> CheckpointDescription:
    return replace(description, format="torchscript", warnings=(_WARNING, *description.warnings))


def _refusal(file: OpenedFile, error: CheckpointError) -> CheckpointError:
    what = (
        "a TorchScript program, which is never run," if has_program(file.tree) else "an archive of torch's C++ library"
    )
    reason = f"it is {what} and cannot be rebuilt: {error.reason[:120]}"
    line = f"torch.save(torch.jit.load({file.path.name!r}).state_dict(), 'weights.pt')"
    return CheckpointError(file.path, reason, f"save its weights: {line}, or export it to ONNX")


def _own_header(file: OpenedFile) -> dict[str, Any]:
    """What this program writes beside a script; nothing for the scripts of others."""
    try:
        header = json.loads(notes(file.tree, NOTE) or b"{}")
    except (ValueError, RecursionError):
        return {}
    return header if isinstance(header, dict) and header.get("kind") == "generator" else {}


def _own_description(file: OpenedFile, header: dict[str, Any]) -> CheckpointDescription:
    shapes = {f"generator.{name}": tuple(array.shape) for name, array in _own_weights(file, header, False).items()}
    return replace(describe_header(file.path, {**header, "directions": []}, shapes), format="torchscript")


def _own_weights(file: OpenedFile, header: dict[str, Any], load: bool = True) -> dict[str, Array]:
    """The generator's weights by our names; whole numbers that tracing drops are kept in the header."""
    weights: dict[str, Array] = {}
    for name, tensor in script_tensors(file.tree).items():
        if name.startswith(NOTE_PREFIX):
            values = tensor.array() if load else np.broadcast_to(np.zeros((), np.float32), tensor.shape)
            weights[name.removeprefix(NOTE_PREFIX)] = values
    counts = header.get("counts")
    for name, value in counts.items() if isinstance(counts, dict) else ():
        if isinstance(value, int) and abs(value) < 1 << 62:
            weights.setdefault(str(name), np.array(value, np.int64))
    return weights


FORMATS.add("torchscript", TorchScriptFormat())
