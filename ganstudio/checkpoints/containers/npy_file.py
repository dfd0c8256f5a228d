"""Numpy's npy: one array."""

from typing import Any

from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.npy import read_npy
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.npy_header import NPY_MAGIC


class NpyContainer:
    """Parses into one `TensorData`."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        return head.startswith(NPY_MAGIC)

    def parse(self, file: FileBytes) -> Any:
        """See `Container`."""
        return read_npy(file.whole, Budget(file.size))


CONTAINERS.add("npy", NpyContainer())
