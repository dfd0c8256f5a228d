"""What the window offers to find directions with: the ways of `METHODS`, and what each lacks with the open model."""

from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import CheckpointDescription, DirectionInfo
from ganstudio.config_fields import check_fields, setting
from ganstudio.latent.discovery.base import DiscoveryError
from ganstudio.latent.discovery.catalogue import METHODS
from ganstudio.networks.onnx_session import INSTALL
from ganstudio.project.slider_list import UNNAMED
from ganstudio.project.state import Project

_NO_STYLES = "This model has no style space: it is no StyleGAN, or one that does not show its styles."
_NO_LAYERS = "This model is an ONNX graph that shows no layers; search the main axes instead."
FEWEST_OF_A_KIND = 2  # picks that say anything at all; see `latent.picks`


@dataclass(frozen=True)
class KnownFactorsConfig:
    """How named directions of known factors are looked for."""

    reading_steps: int = setting(800, "Reading steps", "How long a network learns to read the pictures", low=10,
                                 high=20_000)  # fmt: skip
    samples: int = setting(6000, "Samples", "Generated pictures that it reads", low=100, high=50_000)

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


@dataclass(frozen=True)
class TextConfig:
    """What a picture shall fit better, and what less.

    Attributes:
        text: Towards this.
        against: Away from this; "" for nothing in particular.
    """

    text: str = setting("", "Text", "What the slider leads to, such as: a smiling face", advanced=False)
    against: str = setting("", "Rather than", "What it leads away from, such as: a sad face", advanced=False)
    samples: int = setting(500, "Samples", "Random pictures that are compared with the text", low=50, high=20_000)

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


@dataclass(frozen=True)
class Way:
    """One way of finding directions, as it is offered.

    Attributes:
        name: Of its origin, as directions keep it.
        title: What people call it.
        help: What it does, in a sentence.
        needs: What it takes besides the model, in a sentence.
        config_type: A frozen dataclass of settings.
        are_named: Whether what it finds has names that mean something.
    """

    name: str
    title: str
    help: str
    needs: str
    config_type: type[Any]
    are_named: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether what it finds is called by numbers."""
        return self.name in UNNAMED


@dataclass(frozen=True)
class Wanted:
    """A search, as somebody wants it.

    Attributes:
        way: Name of a `Way`.
        config: Its settings.
        project: Says model, look, marks and own directions.
        description: What the model is.
        device: "auto", "cpu" or "cuda".
        place: Pictures of which classes or factors are known, as `open_source` takes them.
        files: Files by what they are for, a name in `FILE_KINDS`.
        kept: Names of directions that those found shall leave alone.
        region: What is painted on the picture, `(H, W)`.
        suggests: Whether names are suggested, where something is known of the pictures.
    """

    way: str
    config: Any
    project: Project
    description: CheckpointDescription
    device: str = "auto"
    place: str = ""
    files: tuple[tuple[str, Path], ...] = ()
    kept: tuple[str, ...] = ()
    suggests: bool = True
    region: npt.NDArray[np.bool_] | None = field(default=None, repr=False, compare=False)

    def file(self, name: str) -> Path | None:
        """The file for something; None where none was chosen."""
        return dict(self.files).get(name)

    @property
    def title(self) -> str:
        """What people call the way."""
        return WAYS[self.way].title


FileKind = tuple[str, str, str, str]

FILE_KINDS: dict[str, tuple[FileKind, ...]] = {
    "factors": (("place", "Pictures", "", "A folder with a folder a class, a labelled zip, or avatars"),),
    "labels": (
        ("scores", "Scores", "Scores (*.csv *.tsv *.txt *.npy);;All files (*)", "A table, or scores.npy"),
        ("latents", "Latents", "Latents (*.npy);;All files (*)", "Where scores have none: latents.npy"),
    ),
    "text": (
        ("images", "Image encoder", "ONNX (*.onnx);;All files (*)", "CLIP's image half, as ONNX"),
        ("words", "Text encoder", "ONNX (*.onnx);;All files (*)", "CLIP's text half, as ONNX"),
        ("tokens", "Vocabulary", "Vocabulary (*.json);;All files (*)", "tokenizer.json"),
    ),
}
"""For each way what files it takes: a name, a title, what the file dialog shows ("" for folders), a hint."""


def with_config(wanted: Wanted, config: Any, settings: dict[str, Any], inputs: dict[str, Any]) -> Wanted:
    """A search with other settings and inputs.

    Args:
        wanted: The search.
        config: Its new config.
        settings: Values of the config that its form does not have.
        inputs: Fields of the search.
    """
    return replace(wanted, config=replace(config, **settings), **inputs)


_NEEDS = {
    "model": "Needs nothing but the model.",
    "scores": "Needs scores of pictures: a table, or the arrays that InterFaceGAN takes.",
    "picks": "Needs pictures marked + and −: press + and - in the grid.",
    "region": "Needs a StyleGAN, and a region painted on the picture or pictures marked + and −.",
}
_ORDER = ("factors", "picks", "labels", "channels", "pca", "layer", "closed-form", "text")


def _of_methods() -> dict[str, Way]:
    methods = {name: METHODS[name] for name in METHODS if METHODS[name].needs in _NEEDS}
    found = {
        name: Way(name, one.title, f"{one.help}.", _NEEDS[one.needs], one.config_type, one.needs == "scores")
        for name, one in methods.items()
    }
    found["factors"] = Way(
        "factors",
        "From known pictures",
        "A slider for each class or factor of the training pictures, that leaves the others alone.",
        "Needs pictures with classes or known factors, best those that the model was trained on.",
        KnownFactorsConfig,
        are_named=True,
    )
    found["text"] = Way(
        "text",
        "From words",
        "Where pictures fit one text better than another, by a CLIP-like model of yours.",
        "Needs a CLIP-like model as two ONNX files with its vocabulary, and the package onnxruntime.",
        TextConfig,
        are_named=True,
    )
    return dict(sorted(found.items(), key=lambda item: _ORDER.index(item[0]) if item[0] in _ORDER else len(_ORDER)))


WAYS: dict[str, Way] = _of_methods()


@dataclass(frozen=True)
class Marks:
    """How many pictures are marked, and what is missing for a direction.

    Attributes:
        liked: Marked +.
        disliked: Marked −.
        missing: What is to be done before a direction can be made, in a sentence; "" where nothing is.
    """

    liked: int
    disliked: int
    missing: str = field(default="")


def marks_of(project: Project) -> Marks:
    """Count the marks and say kindly what is missing."""
    liked, disliked = len(project.liked), len(project.disliked)
    missing = ""
    if project.has_marks_elsewhere:
        missing = f"They are of {Path(project.marked_in or '').name}: open it again, or mark here, which begins anew"
    elif liked and not disliked:
        missing = "All marks are +: mark a few − too, pictures that have it not"
    elif disliked and not liked:
        missing = "All marks are −: mark a few + too, pictures that have it"
    elif min(liked, disliked) < FEWEST_OF_A_KIND:
        missing = f"Mark at least {FEWEST_OF_A_KIND} of each kind; six of each say a good deal more"
    return Marks(liked, disliked, missing)


def what_lacks(way: Way, description: CheckpointDescription | None, project: Project) -> str:
    """What the open model or the project lacks for a way, in a sentence; "" where it can be begun."""
    if description is None:
        return "Open a model first."
    if not description.spec.z_dim:
        return "This model takes no latent, so that there is nothing to move."
    is_graph, missing = description.family == "onnx_graph", marks_of(project).missing
    lacks = {
        "picks": f"{missing}." if missing else "",
        "text": "" if find_spec("onnxruntime") else f"The package onnxruntime is not installed: {INSTALL}.",
        "channels": "" if description.spec.style_widths else _NO_STYLES,
        "closed-form": _NO_LAYERS if is_graph else "",
        "layer": _NO_LAYERS if is_graph else "",
    }
    return lacks.get(way.name, "")


HELP = {
    "labels": (
        "A table has a head line such as seed,smile,age and a line for each picture: the first column is its seed, or "
        "picture (the name of a file that was saved here), or index (its row in the file of latents); empty cells are "
        "left out. Or two arrays: scores (N or N x 1) and latents (N x numbers)."
    ),
    "picks": "Mark pictures in the grid with + and -, clear cases first.",
}
"""What a way says beside its sentence."""


def directions_known(description: CheckpointDescription | None, project: Project) -> tuple[DirectionInfo, ...]:
    """The directions that the sliders of the open model are of: the checkpoint's, and those of the project that fit."""
    if description is None:
        return ()
    own = tuple(one.info for one in project.directions if one.info.shape(description.spec) == one.shape)
    return (*description.directions, *own)
