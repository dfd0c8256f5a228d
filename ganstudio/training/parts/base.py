"""What a part of the game is: settings, and hooks into one round; with the registry of them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ganstudio.config_fields import check_fields
from ganstudio.registry import Registry
from ganstudio.training.errors import TrainingConfigError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from ganstudio.networks.base import Discriminator, Generator
    from ganstudio.networks.draws import Draws
    from ganstudio.training.config import TrainingConfig
    from ganstudio.training.game.fakes import Fakes

S = TypeVar("S", bound="PartSettings")


@dataclass(frozen=True)
class PartSettings:
    """Base of all settings of parts; their fields are made by `config_fields.setting`.

    Raises:
        TrainingConfigError: A value of the wrong type or out of range.
    """

    def __post_init__(self) -> None:
        check_fields(self, TrainingConfigError)


@dataclass(frozen=True)
class Moment:
    """When something happens in a run.

    Attributes:
        step: Rounds played before.
        kimg: Pictures shown to the discriminator before, in thousands.
        share: Of the planned length, 0 to 1.
    """

    step: int
    kimg: float
    share: float


@dataclass(frozen=True)
class Players:
    """The fresh networks that a part joins.

    Attributes:
        generator: The one that learns.
        discriminator: For packs of pictures.
        draws: All chance; on their device.
        pack: How many pictures a pack has.
    """

    generator: "Generator"
    discriminator: "Discriminator"
    draws: "Draws"
    pack: int = 1


@dataclass(frozen=True)
class Game:
    """What a part may look at and use while a round is played.

    Attributes:
        judge: Maps images `(N, C, H, W)` and labels to logits as the discriminator sees them in this round: through all
            parts that change pictures or logits. Packs of m pictures have one logit, so that there are N / m.
        discriminator: The network itself.
        generator: The one that learns.
        draws: All chance.
        moment: When.
        threshold: The logit from which on a picture counts as taken for real; None for losses whose zero means nothing.
    """

    judge: "Callable[[Tensor, Tensor | None], Tensor]"
    discriminator: "Discriminator"
    generator: "Generator"
    draws: "Draws"
    moment: Moment
    threshold: float | None = 0.0


@dataclass(frozen=True)
class Judged:
    """What the discriminator has just judged, with gradients for its weights.

    Attributes:
        real_images: `(N, C, H, W)` as they came from the data; with `requires_grad` where a part asked for it.
        fake_images: `(N, C, H, W)` as drawn, detached from the generator; likewise.
        real_logits: As many as the packs of real pictures.
        fake_logits: Likewise.
        labels: int64 `(N,)` of both, or None.
        real_features: `(N, F)`, or one row for each pack: what the discriminator's last hidden layer made of them.
        fake_features: Likewise.
        real_shown: The real pictures as the discriminator saw them, changed by parts, and in packs.
    """

    real_images: "Tensor"
    fake_images: "Tensor"
    real_logits: "Tensor"
    fake_logits: "Tensor"
    labels: "Tensor | None"
    real_features: "Tensor"
    fake_features: "Tensor"
    real_shown: "Tensor"


@dataclass(frozen=True)
class Drawn:
    """What the generator has just drawn, with gradients for its weights.

    Attributes:
        fakes: The pictures and what they were drawn of.
        logits: The discriminator's.
        labels: int64 `(N,)`, or None.
        features: `(N, F)`, or one row for each pack: what the discriminator's last hidden layer made of them.
    """

    fakes: "Fakes"
    logits: "Tensor"
    labels: "Tensor | None"
    features: "Tensor"


@dataclass(frozen=True)
class Term:
    """Something added to a player's loss.

    Attributes:
        name: What its curve is called; the value is logged without the weight.
        value: A scalar.
        weight: What it is multiplied by.
    """

    name: str
    value: "Tensor"
    weight: float = 1.0


class Part(Generic[S]):
    """One part, alive for one run. Each hook does nothing by default.

    Attributes:
        title: What people call it.
        description: What it does and when to take it, in one or two plain sentences.
        settings_type: The dataclass of its settings.
        is_alike: Whether it does the same operations in every round; see `branch`.
        augments: Whether `show` makes of few pictures many, against learning by heart.
        settings: Its settings.

    Args:
        settings: Its settings.
    """

    title: ClassVar[str]
    description: ClassVar[str]
    settings_type: ClassVar[type[PartSettings]]
    is_alike: ClassVar[bool] = False
    augments: ClassVar[bool] = False

    def __init__(self, settings: S) -> None:
        self.settings = settings

    @classmethod
    def check(cls, settings: Any, config: "TrainingConfig") -> None:
        """Raise TrainingConfigError where it does not go with the rest of the settings."""

    def pack_size(self) -> int:
        """How many pictures the discriminator is shown together, 1 for one."""
        return 1

    def join(self, players: Players) -> None:
        """Change the fresh networks, once, before optimisers are made and a state is restored."""

    def module(self) -> "nn.Module | None":
        """Layers of its own, whose weights learn with the discriminator's; made in `join`. None without."""
        return None

    def discriminator_steps(self, moment: Moment, steps: int) -> int:
        """How many discriminator steps this round has; `steps` is what was planned so far."""
        del moment
        return steps

    def branch(self, moment: Moment) -> "Hashable | None":
        """All that this part decides about a round outside of tensors: rounds with equal ones can be replayed.

        None for a part that decides anew each time, or keeps something for the next round that is no tensor written in
        place; rounds with it are not recorded. Work in tensors on the device alone, without asking it for a number, is
        what a recorded round may do.
        """
        del moment
        return () if self.is_alike else None

    def wants_gradients(self, moment: Moment) -> tuple[bool, bool]:
        """Whether `Judged` shall have gradients for real and for generated pictures in this round."""
        del moment
        return False, False

    def show(self, images: "Tensor", game: "Game") -> "Tensor":
        """What the discriminator sees of images `(N, C, H, W)`, real or generated alike."""
        del game
        return images

    def makes_unreal_pictures(self) -> bool:
        """Whether augmented pictures can be told from real ones, so that it would be a fault to generate such."""
        return self.augments

    def add_to_logits(self, features: "Tensor") -> "Tensor | None":
        """What is added to the logits `(N,)`, from the discriminator's features `(N, F)`; None for nothing."""
        del features
        return None

    def for_discriminator(self, judged: Judged, game: Game) -> Sequence[Term]:
        """What is added to the discriminator's loss."""
        del judged, game
        return ()

    def watch(self, judged: Judged, game: Game) -> None:
        """Look at what was judged, without gradients, to steer by it.

        Of several processes that share a batch each sees its own rows; `networks.peers.current_peers().mean` takes the
        mean over all, so that what is counted stays the same in all of them.
        """

    def after_discriminator(self, discriminator: "Discriminator") -> None:
        """Change the discriminator after it has learned."""

    def for_generator(self, drawn: Drawn, game: Game) -> Sequence[Term]:
        """What is added to the generator's loss."""
        del drawn, game
        return ()

    def after_round(self, moment: Moment) -> None:
        """Decide about the rounds to come, when both players have learned; may ask the device for numbers."""

    def curves(self) -> "Mapping[str, Tensor | float]":
        """Values of its own to log after a round, by name."""
        return {}

    def state(self) -> "Mapping[str, Tensor]":
        """What it must be told to go on exactly, beside the weights of its `module`."""
        return {}

    def restore(self, state: "Mapping[str, Tensor]") -> None:
        """Take back what `state` gave."""


PARTS: Registry[type[Part[Any]]] = Registry("part of the game")


def make_settings(name: str, values: Mapping[str, Any]) -> Any:
    """Make the settings of a part.

    Raises:
        UnknownNameError: There is no such part.
        TrainingConfigError: An unknown setting, a wrong type or a value out of range.
    """
    kind = PARTS[name].settings_type
    try:
        return kind(**values)
    except TypeError as error:
        known = ", ".join(kind.__dataclass_fields__) or "none"
        raise TrainingConfigError(
            f"{name}: {', '.join(values)}", "there is no such setting", f"known are {known}"
        ) from error
