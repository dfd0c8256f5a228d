"""All formats, imported by name, and the two ways to open a file of any of them."""

from collections.abc import Mapping
from pathlib import Path

from ganstudio.checkpoints.base import (
    FORMATS,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    CheckpointFormat,
    OpenedFile,
)
from ganstudio.checkpoints.errors import NoGeneratorError
from ganstudio.checkpoints.formats import (
    biggan,
    fastgan,
    gan_zoo,
    lightweight_gan,
    lucidrains_stylegan2,
    mimicry,
    native,
    nvlabs,
    nvlabs_state_dict,
    onnx_model,
    plain,
    pretrained_biggan,
    rosinality,
    rosinality_stylegan1,
    studiogan,
    tensorflow,
    torchscript,
)
from ganstudio.checkpoints.other_models import name_other_model, name_weights
from ganstudio.checkpoints.tree import Record

__all__ = [
    "FORMATS",
    "biggan",
    "describe",
    "fastgan",
    "format_of",
    "gan_zoo",
    "lightweight_gan",
    "lucidrains_stylegan2",
    "mimicry",
    "native",
    "nvlabs",
    "nvlabs_state_dict",
    "onnx_model",
    "plain",
    "pretrained_biggan",
    "read",
    "rosinality",
    "rosinality_stylegan1",
    "studiogan",
    "tensorflow",
    "torchscript",
]

_NOTHING_ASSUMED: Assumptions = {}
_FIRST = ("ganstudio", "onnx", "torchscript")  # know their files by their first bytes, the others parse
GENERAL: tuple[str, ...] = ("state_dict",)  # takes what nobody else knows


def describe(path: Path, assumptions: Mapping[str, str] = _NOTHING_ASSUMED) -> CheckpointDescription:
    """Say what a checkpoint file is, without reading its weights.

    Args:
        path: The file.
        assumptions: What the file does not say itself, see `Assumptions`.

    Raises:
        CheckpointError: The file is gone, of no known format, or damaged.
    """
    file = OpenedFile.open(path)
    return format_of(file).describe(file, assumptions)


def read(path: Path, assumptions: Mapping[str, str] = _NOTHING_ASSUMED) -> Checkpoint:
    """Read a checkpoint file whole; arguments and errors as for `describe`."""
    file = OpenedFile.open(path)
    return format_of(file).read(file, assumptions)


def format_of(file: OpenedFile) -> CheckpointFormat:
    """Find the format of a file; whoever describes and then reads it keeps the file, which is parsed only once.

    Raises:
        NoGeneratorError: Its weights are sound, but of no known network.
        CheckpointError: It is damaged, or of another kind.
    """
    for name in sorted(FORMATS.names(), key=lambda name: (name not in _FIRST, name in GENERAL)):
        if FORMATS[name].detect(file):
            return FORMATS[name]
    tree = file.tree  # parsing says why, where it is no container of weights
    if other := name_other_model(file.tensors):
        raise CheckpointError(file.path, *other)
    sound = bool(file.tensors) and not isinstance(tree, Record)
    raise (NoGeneratorError if sound else CheckpointError)(file.path, *name_weights(tree, file.tensors))
