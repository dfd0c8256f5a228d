"""What a container is, and the registry of containers."""

from pathlib import Path
from typing import Any, Protocol

from ganstudio.registry import Registry

COPY_AGAIN = "copy or download it again"


class Container(Protocol):
    """One wrapping."""

    def detect(self, head: bytes) -> bool:
        """Whether a file that begins with `head` (its first MiB) is of this kind."""

    def parse(self, path: Path) -> Any:
        """Parse the file into a tree; raises CheckpointError for anything that is not as it should be."""


CONTAINERS: Registry[Container] = Registry("container")
