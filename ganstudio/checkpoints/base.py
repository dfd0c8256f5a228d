"""What a checkpoint is to the rest of the program, and the registry of the formats that can be opened."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ganstudio.errors import GanStudioError
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.registry import Registry

Array = npt.NDArray[np.generic]


class CheckpointError(GanStudioError):
    """A checkpoint that cannot be opened: which file, why, and what to do."""


@dataclass(frozen=True)
class ComponentInfo:
    """One network in a file: its role ("generator", "discriminator"), class and number of parameters."""

    role: str
    class_name: str
    parameters: int


@dataclass(frozen=True)
class DirectionInfo:
    """A latent direction that comes with a checkpoint.

    Attributes:
        name: Key of its tensor, `direction.<name>` of shape `(z_dim,)`.
        title: What its slider is called.
        low: Lowest slider value, in deviations of the latent along the direction.
        high: Highest slider value, likewise.
        quality: Held-out R² of the factor it was fitted to, None where nothing was fitted.
        origin: How it was found: "factor", "pca".
    """

    name: str
    title: str
    low: float
    high: float
    quality: float | None = None
    origin: str = "factor"


@dataclass(frozen=True)
class CheckpointDescription:
    """What a file says it holds; made without reading its weights.

    Attributes:
        path: The file.
        format: Name of the format in `FORMATS`.
        family: Network family, a name in `NETWORKS`.
        components: The networks in it, by their names in the file.
        spec: The outside of the generator.
        class_names: Names of the classes, empty where there are none.
        directions: Latent directions that come with it.
        facts: What else the file tells of its making (kimg, data, seed ...), for people.
        confidence: How sure the description is, 0 to 1.
        warnings: What a person should know before trusting it.
    """

    path: Path
    format: str
    family: str
    components: dict[str, ComponentInfo]
    spec: GeneratorSpec
    class_names: tuple[str, ...] = ()
    directions: tuple[DirectionInfo, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """A file read whole: its description, the network's configuration and all tensors by their names in the file."""

    description: CheckpointDescription
    config: dict[str, Any]
    tensors: dict[str, Array]


class CheckpointFormat(Protocol):
    """One kind of file; all three take the file's path and raise CheckpointError."""

    def detect(self, path: Path, head: bytes) -> bool:
        """Whether the file is of this format, by its first 4096 bytes (or fewer)."""

    def describe(self, path: Path) -> CheckpointDescription:
        """Read the description without the weights."""

    def read(self, path: Path) -> Checkpoint:
        """Read everything."""


FORMATS: Registry[CheckpointFormat] = Registry("checkpoint format")
