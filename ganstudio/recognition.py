"""What a file or folder is, by what is in it and never by its name: the first step of opening anything."""

import json
import zipfile
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from ganstudio import images
from ganstudio.checkpoints.base import OpenedFile
from ganstudio.datasets.catalogue import DATASETS
from ganstudio.datasets.pictures import find_kind
from ganstudio.errors import GanStudioError
from ganstudio.project.file import read_project
from ganstudio.training.readers.catalogue import is_run, open_run
from ganstudio.training.run_folder import RunFolder

_LARGEST_PROJECT = 4 << 20
_ZIPPED_WEIGHTS = {"data.pkl", "constants.pkl", "model.weights.h5"}


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


@dataclass(frozen=True)
class Recognised:
    """What was found at a path.

    Attributes:
        path: Where.
        kind: What.
        content: What was read on the way: the opened file of a model, the recipe of a picture, the project, the record
            of another program's run.
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
    if find_kind(file.head) is not None:
        recipe = images.read_recipe(path)
        return Recognised(path, Kind.PICTURE if recipe is None else Kind.RECIPE, recipe)
    if _is_project(file):
        return Recognised(path, Kind.PROJECT, read_project(path))
    if not _holds_weights(file) and any(reader.detect(path, file.head) for reader in DATASETS.values()):
        return Recognised(path, Kind.DATA)
    return Recognised(path, Kind.MODEL, file)


def _recognise_folder(path: Path) -> Recognised:
    if RunFolder(path).exists:
        return Recognised(path, Kind.RUN)
    return Recognised(path, Kind.RUN, open_run(path)) if is_run(path) else Recognised(path, Kind.DATA)


def _is_project(file: OpenedFile) -> bool:
    head = file.head.lstrip()[:_LARGEST_PROJECT]
    if not head.startswith(b"{") or b'"schema"' not in head or b'"history"' not in head:
        return False
    try:
        return isinstance(json.loads(file.path.read_bytes()), dict)
    except (OSError, ValueError, RecursionError):
        return False


def _holds_weights(file: OpenedFile) -> bool:
    """Whether a zip is a file of PyTorch (or of Keras) rather than an archive of pictures."""
    if file.head[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(file.path) as archive:
            names = archive.namelist()[:2000]
    except (OSError, ValueError, NotImplementedError, LookupError, EOFError, zipfile.BadZipFile):
        return b"data.pkl" in file.head[:4096]
    return any(name.rsplit("/", 1)[-1] in _ZIPPED_WEIGHTS for name in names)
