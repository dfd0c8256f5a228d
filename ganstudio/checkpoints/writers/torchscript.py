"""TorchScript: runs in C++ and in any Python with torch, without this program.

`forward(z, labels)` (`forward(z)` without classes) gives images `(N, C, H, W)`. The network is traced for one latent
and called once for each: traced sizes do not follow the number of latents.
"""

import io
import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.checkpoints.formats.native import make_header
from ganstudio.checkpoints.formats.torchscript import NOTE
from ganstudio.checkpoints.writers.base import WRITERS, ConversionError, Draw, Model
from ganstudio.files import write_atomically

if TYPE_CHECKING:
    from torch import Tensor


class TorchScriptFile:
    """Traces the generator."""

    title = "TorchScript"
    suffixes: tuple[str, ...] = (".ts", ".torchscript")

    def write(self, path: Path, model: Model) -> None:
        """See `Writer`."""
        import torch

        script = _script(path, model)
        buffer = io.BytesIO()
        extra = {NOTE: json.dumps(_header(model))}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch announces that another exporter will follow
            torch.jit.save(script, buffer, _extra_files=extra)
        write_atomically(path, lambda file: file.write(buffer.getbuffer()))

    def reopen(self, path: Path, model: Model) -> Draw:
        """See `Writer`; the only script that this program runs is the one that it has just written itself."""
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            script: Any = torch.jit.load(str(path), map_location="cpu")  # type: ignore[no-untyped-call]
        conditional = bool(model.generator.spec.num_classes)

        def draw(z: "Tensor", labels: "Tensor | None") -> "Tensor":
            with torch.jit.optimized_execution(False):  # type: ignore[attr-defined]  # it would spend seconds on four pictures
                images: Tensor = script(z, labels) if conditional else script(z)
            return images

        return draw


def _header(model: Model) -> dict[str, Any]:
    """What makes the file one that this program opens again."""
    checkpoint = model.checkpoint
    counts = {
        name: int(tensor)
        for name, tensor in model.generator.state_dict().items()
        if not tensor.is_floating_point() and tensor.ndim == 0
    }
    plain = replace(checkpoint.description, directions=(), facts={})
    return {**make_header(plain, checkpoint.config), "counts": counts}


def _script(path: Path, model: Model) -> Any:
    import torch

    from ganstudio.checkpoints.writers.modules import make_batched, make_plain

    spec = model.generator.spec
    example: tuple[Tensor, ...] = (torch.zeros(1, spec.z_dim),)
    if spec.num_classes:
        example = (*example, torch.zeros(1, dtype=torch.int64))
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            traced = torch.jit.trace(make_plain(model.generator), example, check_trace=False)  # type: ignore[no-untyped-call]
            return torch.jit.script(make_batched(traced, bool(spec.num_classes)))
    except (RuntimeError, TypeError, OSError) as error:
        reason = f"torch cannot trace this network ({' '.join(str(error).split())[:160]})"
        raise ConversionError(path, reason, "convert it to ONNX or to .safetensors") from error


WRITERS.add("torchscript", TorchScriptFile())
