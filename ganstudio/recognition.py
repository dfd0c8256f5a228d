"""What a file or folder is, by what is in it and never by its name: the first step of opening anything."""

import json
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ganstudio import images
from ganstudio.animation.carried_text import container_of
from ganstudio.animation.sound.clip import is_sound
from ganstudio.checkpoints.base import OpenedFile
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.checkpoints.listing import FolderScanned, holds_zipped_weights, scan_folder
from ganstudio.datasets.archive import begins_with_array
from ganstudio.datasets.catalogue import DATASETS
from ganstudio.datasets.pictures import find_kind
from ganstudio.errors import GanStudioError
from ganstudio.project.animation_files import read_carried_project
from ganstudio.project.file import FORMAT, LARGEST_FILE, from_json, read_content
from ganstudio.training.runs.run_folder import RunFolder

_FEW = 50  # models; so many say that a folder is a library


class RecognitionError(GanStudioError):
    """Nothing that can be opened."""


class Kind(Enum):
    """What something is."""

    MODEL = "a model"
    RECIPE = "a picture made here"
    PICTURE = "a picture"
    DATA = "training pictures"
    RUN = "a training run"
    PROJECT = "a project"
    ANIMATION = "an animation made here"
    MODELS = "a folder of models"
    LATENTS = "latents or directions"
    SOUND = "a sound"


@dataclass(frozen=True)
class Recognised:
    """What was found at a path.

    Attributes:
        path: Where.
        kind: What.
        content: What was read on the way: the opened file of a model, the recipe of a picture, what a project file
            holds or an animation carries, the record of another program's run, latents.
    """

    path: Path
    kind: Kind
    content: Any = field(default=None, repr=False)


def recognise(path: Path) -> Recognised:
    """Look into a file or folder and say what it is; reads as little as decides it.

    What is nothing else is called a model: opening it says why it cannot be opened.

    Raises:
        GanStudioError: It is not there, may not be read, or is damaged.
    """
    if path.is_dir():
        return _recognise_folder(path)
    file = OpenedFile.open(path)
    if is_sound(file.head):
        return Recognised(path, Kind.SOUND)
    if (picture := _read_picture(file)) is not None:
        return picture
    if _is_project(file):
        return Recognised(path, Kind.PROJECT, read_content(path))
    if (latents := _read_latents(file)) is not None:
        return Recognised(path, Kind.LATENTS, latents)
    return Recognised(path, Kind.DATA) if _is_data(file) else Recognised(path, Kind.MODEL, file)


def _read_picture(file: OpenedFile) -> Recognised | None:
    """A picture or film, with what it carries; None for anything else. Refuses a film that carries nothing."""
    carrier = container_of(file.head)
    values = read_carried_project(file.path) if carrier else None
    if values is not None:
        return Recognised(file.path, Kind.ANIMATION, from_json(file.path, values))
    if carrier in ("mp4", "webm"):
        raise RecognitionError(file.path, "it is a film that carries no project", "open one that was exported here")
    if find_kind(file.head) is None:
        return None
    recipe = images.read_recipe(file.path)
    return Recognised(file.path, Kind.PICTURE if recipe is None else Kind.RECIPE, recipe)


def _read_latents(file: OpenedFile) -> LatentFile | None:
    """The latents in a file, or None where it holds none; a zip of pictures is not even parsed."""
    from ganstudio.checkpoints.latents.catalogue import holds_latents, read_opened

    is_zip, is_npz = file.head[:4] == b"PK\x03\x04", begins_with_array(file.head)
    if is_zip and not is_npz and not holds_zipped_weights(file.path, file.head):
        return None
    try:
        return read_opened(file) if holds_latents(file) else None
    except CheckpointError:
        return None  # whatever it is, it is told by whoever opens it


def _is_data(file: OpenedFile) -> bool:
    if holds_zipped_weights(file.path, file.head):
        return False
    return any(reader.detect(file.path, file.head) for reader in DATASETS.values())


def _recognise_folder(path: Path) -> Recognised:
    from ganstudio.training.runs.readers.catalogue import is_run, open_run  # late: not for the first window

    if RunFolder(path).exists:
        return Recognised(path, Kind.RUN)
    if is_run(path):
        return Recognised(path, Kind.RUN, open_run(path))
    *_, scanned = scan_folder(path, _FEW)
    if isinstance(scanned, FolderScanned) and scanned.files and len(scanned.files) > scanned.others:
        return Recognised(path, Kind.MODELS)
    return Recognised(path, Kind.DATA)


def _is_project(file: OpenedFile) -> bool:
    head = file.head.lstrip()
    if not head.startswith(b"{"):
        return False
    if f'"{FORMAT}"'.encode() in head[:256]:
        return True  # what is wrong with it is told by whoever reads it
    if b'"schema"' not in head or b'"history"' not in head:  # of the first schema
        return False
    try:
        return file.path.stat().st_size <= LARGEST_FILE and isinstance(json.loads(file.path.read_bytes()), dict)
    except (OSError, ValueError, RecursionError):
        return False
