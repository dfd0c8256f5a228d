"""What a file of latents or directions is to the rest of the program, and the registry of its formats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import Assumptions, DirectionInfo
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.registry import Registry

Floats = npt.NDArray[np.float32]
Kind = Literal["latent", "direction"]
Space = Literal["z", "w", "w_plus", "style"]
SPACES: tuple[Space, ...] = ("z", "w", "w_plus", "style")
LayerRange = tuple[int, int]


@dataclass(frozen=True, eq=False)
class LatentFile:
    """Latents (points) or directions (steps) as a file holds them.

    Attributes:
        path: The file.
        format: Name of its format in `LATENT_FORMATS`.
        kind: "latent" or "direction".
        space: Where the vectors live.
        arrays: "vectors", float32 `(N, D)` for z and w, `(N, L, D)` for w_plus; in style space "layer_0",
            "layer_1" ... `(N, C)` instead. Beside them what comes along, such as "mean" or "deviation".
        names: One name a vector, where the file or its name gives them.
        deviations: How far latents spread along each direction, where the file says so.
        layers: The layers each direction is meant for, first and one past the last; None for all.
        sliders: Lowest and highest strength in deviations that each direction was meant for, where the file says so.
        facts: What else the file tells, for people.
        warnings: What a person should know before trusting it.
        ready: Directions that say all of themselves, each with its step of strength 1; of our own files, which may
            hold several spaces.
        models: SHA-256 of the checkpoint that each of these was found in, "" where that is not known.
    """

    path: Path
    format: str
    kind: Kind
    space: Space
    arrays: Mapping[str, Floats] = field(repr=False)
    names: tuple[str, ...] = ()
    deviations: tuple[float, ...] = ()
    layers: tuple[LayerRange | None, ...] = ()
    sliders: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    ready: tuple[tuple[DirectionInfo, Floats], ...] = field(default=(), repr=False)
    models: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of vectors."""
        if self.ready:
            return len(self.ready)
        return len(self.arrays["layer_0" if self.space == "style" else "vectors"])

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one vector: `(D,)` or `(L, D)`; in style space `(C,)` over all layers."""
        if self.space == "style":
            return (sum(part.shape[1] for name, part in self.arrays.items() if name.startswith("layer_")),)
        return tuple(self.arrays["vectors"].shape[1:])

    def name(self, index: int) -> str:
        """The name of a vector, made of its number where it has none."""
        return self.names[index] if index < len(self.names) else f"{self.path.stem}_{index + 1}"


class LatentFormat(Protocol):
    """One kind of file. Formats are asked in the order of `catalogue.py`, the particular before the general."""

    def detect(self, file: OpenedFile) -> bool:
        """Whether the file is of this format, by its content; the name only helps where content leaves a choice."""

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """Read it; raises CheckpointError.

        Args:
            file: The file.
            assumptions: "space" and "kind" overrule what the file leaves open.
        """


LATENT_FORMATS: Registry[LatentFormat] = Registry("latent format")
