"""A direction from a person's own + and - picks; see `ganstudio/latent/picks.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.config_fields import check_fields, setting
from ganstudio.latent.discovery.base import (
    METHODS,
    DirectionsDiscovered,
    Discovered,
    DiscoveryError,
    DiscoveryEvent,
    DiscoveryProgress,
    Method,
    Task,
    examples_of,
    refusal,
)

if TYPE_CHECKING:
    from ganstudio.latent.picks import LatentPrior
    from ganstudio.networks.base import Generator

_SAMPLES = 4000


@dataclass(frozen=True)
class PicksConfig:
    """How picks are read."""

    noise: float = setting(0.5, "Caution", "Larger trusts the picks less and the network more", low=1e-3, high=1e3)
    use_weights: bool = setting(
        default=True, title="Use the weights", explanation="Hold steps for likelier that the first weights answer to"
    )
    name: str = "picked"
    title: str = "Picked"

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: PicksConfig) -> Iterator[DiscoveryEvent]:
    """Find what the + picks have and the - picks have not."""
    from ganstudio.latent.directions import Direction
    from ganstudio.latent.picks import fit_picks

    examples = examples_of(task)
    signs = examples.scores[:, 0]
    chosen = signs.isfinite() & (signs != 0)
    prior = task.prior
    try:
        if prior is None:
            yield DiscoveryProgress("measuring the latents", 0.1)
            prior = learn_prior(task.generator, examples.space, config.use_weights)
        yield DiscoveryProgress("comparing the picks", 0.8)
        reading = fit_picks(examples.latents[chosen], signs[chosen] > 0, prior, config.noise)
    except ValueError as error:
        raise refusal("picks", error, "pick other pictures") from error
    unit = reading.step / reading.step.norm().clamp_min(1e-30)
    direction = Direction(
        config.name, unit.float(), float((prior.spread.T @ unit).norm()), 2 * reading.agreement.area - 1,
        space=examples.space,
    )  # fmt: skip
    notes = () if reading.agreement.is_above_chance else ("the picks do not agree yet; pick a few more",)
    yield DirectionsDiscovered((Discovered(direction, config.title, reading.agreement, notes=notes),))


def learn_prior(generator: "Generator", space: str, use_weights: bool = True) -> "LatentPrior":
    """Make what is known of a model before anybody picks; to be kept while the model is open.

    Args:
        generator: In evaluation mode.
        space: "z" or "w".
        use_weights: Read the first weights, where the family shows them.
    """
    from ganstudio.latent.closed_form import first_weight, response_gram, style_weights
    from ganstudio.latent.clouds import latent_batches
    from ganstudio.latent.picks import make_prior
    from ganstudio.networks.base import MappedGenerator

    gram = None
    if use_weights:
        try:
            in_w = space == "w" and isinstance(generator, MappedGenerator)
            gram = response_gram(style_weights(generator) if in_w else [first_weight(generator)])
        except ValueError:
            gram = None  # the family shows no such weights: all steps are equally likely
    return make_prior(latent_batches(generator, space, _SAMPLES), gram)


METHODS.add(
    "picks",
    Method("From picks", "What the pictures marked + have and those marked - have not", "picks", PicksConfig, find),
)
