"""ONNX: runs almost anywhere. Inputs `z`, `labels` where there are classes, `truncation` where there is a mapping.

Needs the packages onnx and onnxscript (the extra "onnx").
"""

import importlib.util
import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.checkpoints.formats.onnx_model import NOTE_KEY, note
from ganstudio.checkpoints.writers.base import WRITERS, ConversionError, Draw, Model
from ganstudio.checkpoints.writers.reopening import reopen_checkpoint
from ganstudio.files import write_atomically

if TYPE_CHECKING:
    from torch import Tensor, nn

_NEEDED = ("onnx", "onnxscript", "onnxruntime")
_MOST_BYTES = 2_000_000_000  # what one protobuf message can be


class OnnxFile:
    """Exports the generator with sizes that follow the number of latents."""

    title = "ONNX"
    suffixes: tuple[str, ...] = (".onnx",)

    def write(self, path: Path, model: Model) -> None:
        """See `Writer`."""
        for package in _NEEDED:
            if importlib.util.find_spec(package) is None:
                remedy = f"install it beside GANStudio: pip install {' '.join(_NEEDED)}"
                raise ConversionError(path, f"ONNX needs the package {package}, which is not installed", remedy)
        size = sum(array.nbytes for array in model.checkpoint.weights.values())
        if size > _MOST_BYTES:
            raise ConversionError(path, "it is too large for one ONNX file", "convert it to .safetensors")
        data = _export(path, model)
        write_atomically(path, lambda file: file.write(data))

    def reopen(self, path: Path, model: Model) -> Draw:  # noqa: ARG002 - the file says it all
        """See `Writer`."""
        return reopen_checkpoint(path)


def _export(path: Path, model: Model) -> bytes:
    import torch

    module, example, names, shapes = _dress(model)
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    try:
        logger.setLevel(logging.ERROR)  # it lists what it could export if other packages were there
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                module, example, dynamo=True, input_names=names, output_names=["images"],
                dynamic_shapes=shapes, verbose=False,
            )  # fmt: skip
    except (RuntimeError, TypeError, ValueError, torch.onnx.OnnxExporterError) as error:
        reason = f"torch cannot export this network ({' '.join(str(error).split())[:160]})"
        raise ConversionError(path, reason, "convert it to TorchScript or to .safetensors") from error
    finally:
        logger.setLevel(level)
    if program is None:
        raise ConversionError(path, "torch exported nothing", "convert it to TorchScript or to .safetensors")
    proto = program.model_proto
    description = model.checkpoint.description
    proto.metadata_props.add(key=NOTE_KEY, value=note(model.generator.spec, description.class_names))
    data: bytes = proto.SerializeToString()
    return data


def _dress(model: Model) -> "tuple[nn.Module, tuple[Tensor, ...], list[str], tuple[Any, ...]]":
    """The module to export, examples of its inputs, their names, and which sizes vary."""
    import torch

    from ganstudio.checkpoints.writers.modules import make_plain, make_truncated
    from ganstudio.networks.base import MappedGenerator

    generator = model.generator
    spec = generator.spec
    example: list[Tensor] = [torch.zeros(2, spec.z_dim)]
    names, shapes = ["z"], [{0: "batch"}]
    if spec.num_classes:
        example.append(torch.zeros(2, dtype=torch.int64))
        names.append("labels")
        shapes.append({0: "batch"})
    if not isinstance(generator, MappedGenerator):
        return make_plain(generator), tuple(example), names, tuple(shapes)
    return make_truncated(generator), (*example, torch.ones(1)), [*names, "truncation"], (*shapes, None)


WRITERS.add("onnx", OnnxFile())
