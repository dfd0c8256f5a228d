"""What kind of thing a path is, told by its content: for `inspect`, which takes anything."""

from pathlib import Path
from typing import Literal, get_args

from ganstudio.animation.carried_text import container_of
from ganstudio.checkpoints.base import CheckpointError, OpenedFile
from ganstudio.checkpoints.containers.catalogue import CONTAINERS
from ganstudio.checkpoints.latents.catalogue import holds_latents
from ganstudio.datasets.base import DATASETS, DatasetError
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.pictures import find_kind
from ganstudio.project.animation_files import read_carried_project
from ganstudio.project.file import FORMAT
from ganstudio.training.runs.readers.catalogue import is_run

Kind = Literal["checkpoint", "direction", "dataset", "image", "project", "animation", "run"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHOICES = ("checkpoint", "direction", "dataset", "image", "project", "animation")
_PROJECT_WORDS = (b'"schema"', b'"checkpoint"')


def find_file_kind(path: Path) -> Kind:
    """Decide by content, never by suffix.

    Raises:
        CheckpointError: The path is gone or no regular file.
    """
    if path.is_dir():
        return "run" if is_run(path) else "dataset"
    file = OpenedFile.open(path)
    if container_of(file.head) and read_carried_project(path) is not None:
        return "animation"  # any other film is refused for what it is
    if find_kind(file.head) is not None:
        return "image"
    if _looks_like_project(file.head):
        return "project"
    if any(container.detect(file.head) for container in CONTAINERS.values()):
        return _kind_of_container(file)
    return "dataset" if _begins_like_dataset(file) else "checkpoint"


def _looks_like_project(head: bytes) -> bool:
    if head.lstrip()[:1] != b"{":
        return False
    return FORMAT.encode() in head[:256] or all(word in head for word in _PROJECT_WORDS)


def _kind_of_container(file: OpenedFile) -> Kind:
    """Arrays and archives can be latents, weights or pictures: ask in this order."""
    try:
        if holds_latents(file):
            return "direction"
    except CheckpointError:  # of no use as weights; as pictures, perhaps
        return "dataset" if _opens_as_dataset(file) else "checkpoint"
    return "dataset" if _opens_as_dataset(file) else "checkpoint"


def _begins_like_dataset(file: OpenedFile) -> bool:
    return any(reader.detect(file.path, file.head) for reader in DATASETS.values())


def _opens_as_dataset(file: OpenedFile) -> bool:
    if not _begins_like_dataset(file):
        return False
    try:
        open_source(file.path).close()
    except DatasetError:
        return False
    return True
