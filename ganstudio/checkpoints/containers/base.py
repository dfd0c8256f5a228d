"""What a container is, and the registry of containers."""

from typing import Any, Protocol

from ganstudio.checkpoints.errors import COPY_AGAIN
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.registry import Registry

__all__ = ["CONTAINERS", "COPY_AGAIN", "Container"]


class Container(Protocol):
    """One wrapping."""

    def detect(self, head: bytes) -> bool:
        """Whether a file that begins with `head` (its first MiB) is of this kind."""

    def parse(self, file: FileBytes) -> Any:
        """Parse the file into a tree; raises ContentError or CheckpointError if anything is not as it should be."""


CONTAINERS: Registry[Container] = Registry("container")
