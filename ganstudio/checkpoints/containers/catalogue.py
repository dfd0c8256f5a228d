"""All containers, imported by name, and the one way to parse a file of any of them."""

from typing import Any

from ganstudio.checkpoints.containers import (
    npy_file,
    onnx_file,
    pickle_file,
    safetensors_file,
    torch_legacy,
    zip_archive,
)
from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.errors import CheckpointError, ContentError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.recognition import name_file
from ganstudio.checkpoints.tree_limits import check_tree

__all__ = [
    "CONTAINERS",
    "npy_file",
    "onnx_file",
    "parse",
    "pickle_file",
    "safetensors_file",
    "torch_legacy",
    "zip_archive",
]


def parse(file: FileBytes) -> Any:
    """Parse a file into a tree.

    Raises:
        CheckpointError: It is no known container, or not as it should be.
    """
    for container in CONTAINERS.values():
        if container.detect(file.head):
            try:
                tree = container.parse(file)
                check_tree(tree)
            except ContentError as error:
                raise CheckpointError(file.path, error.reason, error.remedy) from error
            return tree
    raise CheckpointError(file.path, *name_file(file))
