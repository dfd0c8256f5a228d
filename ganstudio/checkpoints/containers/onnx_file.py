"""ONNX models: parsed into `{name: TensorData}`, what the model says of itself under "__onnx__"."""

from typing import Any

from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.onnx.graph import looks_like_model, read_model
from ganstudio.checkpoints.onnx.weights import read_weights
from ganstudio.checkpoints.pickles.budget import Budget

MODEL_KEY = "__onnx__"
_BESIDE_BYTES = 2 << 30  # weights in files beside the model do not count as its own size


class OnnxContainer:
    """Reads names, shapes and steps; runs nothing."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        return looks_like_model(head)

    def parse(self, file: FileBytes) -> Any:
        """See `Container`."""
        model = read_model(file.whole)
        beside = _BESIDE_BYTES if any(tensor.external for tensor in model.weights) else 0
        weights: dict[str, Any] = dict(read_weights(file.path, model, Budget(file.size + beside)))
        return {**weights, MODEL_KEY: model}


CONTAINERS.add("onnx", OnnxContainer())
