"""Torch's files from before version 1.6."""

from typing import Any

from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.checkpoints.pickles.torch_stream import is_torch_stream, read_torch_stream


class TorchLegacyContainer:
    """Parses into what was saved, tensors as `TensorData`."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        return is_torch_stream(head[:64])

    def parse(self, file: FileBytes) -> Any:
        """See `Container`."""
        return read_torch_stream(file.whole, Budget(file.size))


CONTAINERS.add("torch_legacy", TorchLegacyContainer())
