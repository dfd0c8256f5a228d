"""What a checkpoint is to the rest of the program, and the registry of the formats that can be opened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import Array, TensorData
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.registry import Registry

__all__ = [
    "FORMATS",
    "Array",
    "AssumptionInfo",
    "Checkpoint",
    "CheckpointDescription",
    "CheckpointError",
    "CheckpointFormat",
    "ComponentInfo",
    "DirectionInfo",
    "OpenedFile",
    "SearchingFormat",
    "TensorData",
    "feature_layer",
]

Assumptions = Mapping[str, str]
"""What a person said of a file that the file does not say itself, such as {"activation": "leaky_relu:0.1"}."""


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
        name: Key of its tensor, `direction.<name>`; its shape is that of one latent of its space.
        title: What its slider is called.
        low: Lowest slider value, in deviations of the latent along the direction.
        high: Highest slider value, likewise.
        quality: Held-out R² of the factor it was fitted to, None where nothing was fitted.
        origin: How it was found: "factor", "pca", or the format of the file that it came from.
        space: Where the step is taken: "z" `(z_dim,)`, "w" `(w_dim,)`, "w_plus" `(num_ws, w_dim)`, "style"
            `(num_styles,)`, or "features:N", all places of the maps `(C,)` after layer or block N.
        layers: For w, w_plus and style: the first w, and one past the last, that are changed, or whose styles are;
            None for all.
        fold: 0 for a straight line; 1 and -1 for z that are led away from, or towards, a plane at right angles to the
            vector, each on its own side (see `latent.directions.fold_step`).
        entanglement: Mean change of all other factors over that of its own, in their deviations; None where it was not
            measured.
    """

    name: str
    title: str
    low: float
    high: float
    quality: float | None = None
    origin: str = "factor"
    space: str = "z"
    layers: tuple[int, int] | None = None
    fold: int = 0
    entanglement: float | None = None

    def shape(self, spec: GeneratorSpec) -> tuple[int, ...] | None:
        """The shape that its vector has with a generator; None where the generator has no such space."""
        shapes = spec.latent_shapes
        if spec.style_widths:
            shapes["style"] = (spec.num_styles,)
        number = feature_layer(self.space)
        if number is not None and number < len(spec.feature_widths):
            return (spec.feature_widths[number],)
        return shapes.get(self.space)

    @property
    def is_inside(self) -> bool:
        """Whether it is taken inside the network, so that only a network that is built says whether it fits."""
        return self.space == "style" or feature_layer(self.space) is not None


def feature_layer(space: str) -> int | None:
    """The number of the layer or block whose maps a space "features:N" is of; None for any other space."""
    name, colon, number = space.partition(":")
    if name != "features" or not colon or not number.isascii() or not number.isdigit() or len(number) > 4:
        return None
    return int(number) if str(int(number)) == number else None


@dataclass(frozen=True)
class AssumptionInfo:
    """Something that had to be assumed of a file, or that it says itself.

    Attributes:
        name: What `--assume` calls it ("activation").
        title: What people call it.
        value: What was assumed, as `--assume` writes it.
        choices: Usual values, () where any number goes.
        told: Whether the file says it, so that nothing was assumed.
    """

    name: str
    title: str
    value: str
    choices: tuple[str, ...] = ()
    told: bool = False


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
        assumptions: What had to be assumed of it, with the alternatives.
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
    assumptions: tuple[AssumptionInfo, ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """A file read whole.

    Attributes:
        description: What it holds.
        config: Values of the config dataclass of the network `description.family` in `NETWORKS`.
        weights: The generator's weights by the names that our network gives them.
        tensors: Everything in the file by its name there, read when asked for.
        directions: The vector float32 of each of `description.directions`, by name.
    """

    description: CheckpointDescription
    config: dict[str, Any]
    weights: dict[str, Array] = field(repr=False)
    tensors: dict[str, TensorData] = field(repr=False)
    directions: dict[str, Array] = field(default_factory=dict, repr=False)


class CheckpointFormat(Protocol):
    """One kind of file. Formats are asked in the order of `catalogue.py`, the particular before the general."""

    def detect(self, file: OpenedFile) -> bool:
        """Whether the file is of this format, by its bytes and keys and never by its name.

        Look at `file.head` before `file.tree`, which parses. May raise CheckpointError for a file that is of this
        format beyond doubt and broken.
        """

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:
        """Say what it holds without reading weights; raises CheckpointError."""

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:
        """Read everything that the generator needs; raises CheckpointError."""


class SearchProgress(Protocol):
    """So many of so many steps are done."""

    @property
    def done(self) -> int:
        """Steps that are done."""

    @property
    def total(self) -> int:
        """All steps."""


@runtime_checkable
class SearchingFormat(Protocol):
    """A format that has to search for what it describes, which takes a while."""

    def prepare(self, file: OpenedFile, assumptions: Assumptions) -> Iterable[SearchProgress]:
        """Search step by step; `describe` and `read` then take what was found. Raises CheckpointError."""


FORMATS: Registry[CheckpointFormat] = Registry("checkpoint format")
