"""What a way of finding directions gets and gives, and the registry of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ganstudio.errors import GanStudioError
from ganstudio.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

    from ganstudio.latent.agreement import Agreement
    from ganstudio.latent.directions import Direction
    from ganstudio.latent.picks import LatentPrior
    from ganstudio.networks.base import Generator

Needs = Literal["model", "scores", "picks", "region"]


class DiscoveryError(GanStudioError):
    """Directions that cannot be found in what was given."""


def refusal(subject: str, error: ValueError, remedy: str = "") -> DiscoveryError:
    """What the mathematics refused, for a person: what it says is "reason; remedy", or a reason alone."""
    reason, _, own_remedy = str(error).partition("; ")
    return DiscoveryError(subject, reason, own_remedy or remedy)


@dataclass(frozen=True, eq=False)
class Examples:
    """Latents with what was said of their pictures.

    Attributes:
        latents: float32 `(N, D)`, as they were drawn with: truncation and edits included.
        scores: `(N, F)`: numbers, NaN where nothing was said. Picks are one column of +1 and -1.
        names: F names.
        titles: What people call them; the names where there are none.
        space: "z" or "w".
    """

    latents: "Tensor"
    scores: "Tensor"
    names: tuple[str, ...]
    titles: tuple[str, ...] = ()
    space: str = "z"


@dataclass(frozen=True, eq=False)
class Task:
    """What is searched in.

    Attributes:
        generator: In evaluation mode.
        examples: For methods that need them.
        prior: What is known of the latents, where it was made before; picks are faster with it.
        region: bool `(H, W)`: a part of the pictures
        w_plus: `(N, num_ws, w_dim)` that was painted on.
    """

    generator: "Generator"
    examples: Examples | None = None
    prior: "LatentPrior | None" = None
    region: "Tensor | None" = None
    w_plus: "Tensor | None" = None


@dataclass(frozen=True, eq=False)
class Discovered:
    """One direction and how well it was seen to hold.

    Attributes:
        direction: The direction.
        title: What its slider may be called.
        agreement: With examples that were held out; None where nothing was said of pictures.
        share: Of the variance (main axes) or of the weights' whole answer (closed form), 0 to 1.
        notes: What a person should know of it.
    """

    direction: "Direction"
    title: str
    agreement: "Agreement | None" = None
    share: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiscoveryProgress:
    """What is being done, and how much of all is done, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True, eq=False)
class DirectionsDiscovered:
    """The result, the most telling first."""

    found: tuple[Discovered, ...] = field(repr=False)


DiscoveryEvent = DiscoveryProgress | DirectionsDiscovered


@dataclass(frozen=True)
class Method:
    """One way of finding directions.

    Attributes:
        title: What people call it.
        help: What it does, in a sentence.
        needs: "model" alone, "scores" (`Examples` of numbers), "picks" (`Examples` of +1 and -1), or "region",
            a part of the pictures.
        config_type: A frozen dataclass of settings.
        find: Task and config to progress, then one DirectionsDiscovered; raises DiscoveryError.
    """

    title: str
    help: str
    needs: Needs
    config_type: type[Any]
    find: Callable[[Task, Any], Iterator[DiscoveryEvent]]


METHODS: Registry[Method] = Registry("way of finding directions")


def examples_of(task: Task) -> Examples:
    """The examples of a task, checked; raises DiscoveryError."""
    examples = task.examples
    if examples is None or not len(examples.latents):
        raise DiscoveryError("examples", "there are none", "pick pictures, or give scores of them")
    if examples.latents.ndim != 2 or len(examples.latents) != len(examples.scores) or examples.scores.ndim != 2:
        shapes = f"{list(examples.latents.shape)} and {list(examples.scores.shape)}"
        raise DiscoveryError("examples", f"latents and scores of shapes {shapes} do not fit", "give one row for each")
    if examples.scores.shape[1] != len(examples.names):
        raise DiscoveryError("examples", f"{len(examples.names)} names for {examples.scores.shape[1]} columns",
                             "name each column")  # fmt: skip
    spec = task.generator.spec
    expected = spec.z_dim if examples.space == "z" else spec.w_dim
    if examples.space not in {"z", "w"} or examples.latents.shape[1] != expected:
        reason = f"latents of {examples.latents.shape[1]} numbers in {examples.space} are not this model's"
        raise DiscoveryError("examples", reason, "take latents of the open model, in z or w")
    if not bool(examples.latents.isfinite().all()):
        raise DiscoveryError("examples", "a latent holds values that are not finite", "leave it out")
    return examples


def layer_range(first: int, last: int, num_ws: int) -> tuple[int, int] | None:
    """Layers as a direction keeps them, of the first and the last that a person counts from 0; None for all.

    Raises:
        DiscoveryError: The first is behind the last, or no such layer.
    """
    end = num_ws if last < 0 else last + 1
    if not num_ws or (first <= 0 and end >= num_ws):
        return None
    if first >= end or first >= num_ws:
        raise DiscoveryError("layers", f"{first} to {last} is no range of this model's {num_ws} layers",
                             f"choose from 0 to {num_ws - 1}")  # fmt: skip
    return first, end
