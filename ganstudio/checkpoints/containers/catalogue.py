"""All containers, imported by name, and the one way to parse a file of any of them."""

from pathlib import Path
from typing import Any

from ganstudio.checkpoints.containers import safetensors_file
from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.errors import CheckpointError

__all__ = ["CONTAINERS", "parse", "safetensors_file"]


def parse(path: Path, head: bytes) -> Any:
    """Parse a file into a tree.

    Raises:
        CheckpointError: It is no known container, or not as it should be.
    """
    for container in CONTAINERS.values():
        if container.detect(head):
            return container.parse(path)
    raise CheckpointError(path, _unknown_reason(head), "open a file of weights (.safetensors, .pkl, .pt ...)")


def _unknown_reason(head: bytes) -> str:
    known = {
        b"version https://git-lfs": "it is a Git LFS pointer, the checkpoint itself was not downloaded",
        b"\x89PNG": "it is a picture, not a checkpoint",
        b"\xff\xd8\xff": "it is a picture, not a checkpoint",
        b"PK\x03\x04": "it is a zip archive (perhaps a PyTorch file), which this version does not read",
        b"\x80": "it is a pickle (perhaps a PyTorch file), which this version does not read",
    }
    if not head:
        return "the file is empty"
    return next((reason for start, reason in known.items() if head.startswith(start)),
                "it is not a checkpoint of a known format")  # fmt: skip
