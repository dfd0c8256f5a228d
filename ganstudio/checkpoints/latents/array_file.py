"""A bare array: W and W+ arrays, e4e's `latents.pt`, PTI's pivots, DragGAN's and Autolume's latents, boundaries.

Nothing in such a file says what it is. Rows of length 1 are directions, all others points; the space is told by shape
and scale, and by the names that InterFaceGAN and Autolume give their files.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, Floats, LatentFile, Space
from ganstudio.checkpoints.latents.vectors import (
    chosen_kind,
    chosen_space,
    could_be_vectors,
    guess_space,
    have_unit_length,
    read_vectors,
    rows_warning,
)
from ganstudio.checkpoints.opened_file import OpenedFile

_BOUNDARY_END = "_boundary"
_COMPONENTS = re.compile(r"(?P<model>.+)_(?P<letter>[xz])comp")


@dataclass(frozen=True)
class FileName:
    """What a file's name says by the conventions of InterFaceGAN and Autolume.

    Attributes:
        attribute: What a direction changes ("age").
        condition: What it was made to leave alone ("gender"), empty for nothing.
        model: The network it is for, empty where not said.
        space: The space, None where not said.
        convention: Whose names these are.
    """

    attribute: str
    condition: str = ""
    model: str = ""
    space: Space | None = None
    convention: str = ""

    @classmethod
    def parse(cls, stem: str) -> "FileName":
        """Read a file's name without its suffix."""
        if stem.endswith(_BOUNDARY_END):
            return cls._parse_boundary(stem.removesuffix(_BOUNDARY_END))
        if match := _COMPONENTS.fullmatch(stem):
            return cls("component", "", match["model"], None, "Autolume")
        return cls(stem)

    @classmethod
    def _parse_boundary(cls, stem: str) -> "FileName":
        """Read `{model}_{attribute}[_c_{condition}][_w]`."""
        space: Space = "w" if stem.endswith("_w") else "z"
        subject, _, condition = stem.removesuffix("_w").partition("_c_")
        model, _, attribute = subject.rpartition("_")
        return cls(attribute, condition.replace("_", ", "), model, space, "InterFaceGAN")

    def facts(self) -> dict[str, Any]:
        """What is worth showing."""
        known = {
            "attribute": self.attribute,
            "condition": self.condition,
            "model": self.model,
            "named_as": self.convention,
        }
        return {name: value for name, value in known.items() if value}


class ArrayFile:
    """Reads a file that holds one array and nothing else."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        return could_be_vectors(file.tree)

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        name = FileName.parse(file.path.stem)
        vectors = read_vectors(file.path, file.tree, assumptions.get("space") == "w_plus")
        directed = bool(name.convention) or have_unit_length(vectors)
        kind = chosen_kind(file.path, assumptions, "direction" if directed else "latent")
        found = describe_vectors(file, vectors, name, assumptions)
        if kind == "latent":
            return replace(found, kind=kind, warnings=(*found.warnings, *rows_warning(vectors, found.space)))
        facts = {**name.facts(), **found.facts}
        return replace(found, kind=kind, names=_direction_names(vectors, name), facts=facts)


def describe_vectors(file: OpenedFile, vectors: Floats, name: FileName, assumptions: Assumptions) -> LatentFile:
    """Say what can be said of vectors by their shape, their scale and the file's name, whatever their kind."""
    guess, certain = guess_space(vectors)
    if name.space is not None and vectors.ndim == 2:
        guess, certain = name.space, True
    elif have_unit_length(vectors) and vectors.ndim == 2:
        guess = "w"  # a direction's length tells no space; most of those that go round are for w
    space = chosen_space(file.path, assumptions, guess)
    facts: dict[str, Any] = name.facts() if name.convention else {}
    if _layers_agree(vectors):
        facts["same_in_all_layers"] = True
    warnings = () if certain or "space" in assumptions else (f"the file does not say its space; {space} is assumed",)
    return LatentFile(file.path, "array", "latent", space, {"vectors": vectors}, facts=facts, warnings=warnings)


def _layers_agree(vectors: Floats) -> bool:
    return vectors.ndim == 3 and bool((vectors == vectors[:, :1]).all())


def _direction_names(vectors: Floats, name: FileName) -> tuple[str, ...]:
    title = f"{name.attribute} (keeps {name.condition})" if name.condition else name.attribute
    if len(vectors) == 1:
        return (title,)
    return tuple(f"{title} {index + 1}" for index in range(len(vectors)))


LATENT_FORMATS.add("array", ArrayFile())
