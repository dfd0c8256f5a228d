"""Single style channels, by the picks that they tell apart or the region that they change; see `latent/channels.py`."""

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
    from torch import Tensor

    from ganstudio.latent.channels import ChannelRank
    from ganstudio.networks.base import MappedGenerator

_SAMPLES = 2000
_REACH = 5.0  # deviations of a style that its slider goes either way


@dataclass(frozen=True)
class ChannelsConfig:
    """How channels are ranked."""

    by: str = setting("region", "Ranked by", "The region that they change, or the marks that they tell apart",
                      choices=("region", "picks"), advanced=False)  # fmt: skip
    count: int = setting(20, "Channels", "How many, the most telling first", low=1, high=200, advanced=False)
    colours: bool = setting(
        default=False, title="Colour layers", explanation="Also channels of the layers that make colours"
    )

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: ChannelsConfig) -> Iterator[DiscoveryEvent]:
    """Rank the style channels and describe each as a direction of style space."""
    from ganstudio.latent.channel_regions import rank_channels_by_region
    from ganstudio.latent.channels import rank_channels, styles_of
    from ganstudio.latent.clouds import latent_cloud
    from ganstudio.networks.base import MappedGenerator

    generator = task.generator
    parts = generator.modulations() if isinstance(generator, MappedGenerator) else ()
    widths = tuple(len(part.bias) for part in parts)
    if not parts or widths != generator.spec.style_widths or not isinstance(generator, MappedGenerator):
        raise DiscoveryError("style channels", "this family has no style space", "search the main axes instead")
    yield DiscoveryProgress("measuring the styles", 0.1)
    cloud = latent_cloud(generator, "w", _SAMPLES)
    asked = min(4 * config.count, 800)  # some fall out that make colours
    notes: dict[tuple[int, int], str] = {}
    try:
        yield DiscoveryProgress("comparing the channels", 0.4)
        if config.by == "region":
            w_plus, region = _painted(task)
            found = rank_channels_by_region(generator, w_plus, region, cloud, asked)
            ranks = [one.channel for one in found]
            notes = {_key(one.channel): f"{one.locality:.0%} of its change per pixel is inside" for one in found}
        else:
            examples = examples_of(task)
            chosen = examples.scores[:, 0] != 0
            positive = examples.scores[chosen][:, 0] > 0
            ranks = list(rank_channels(parts, examples.latents[chosen], positive, cloud, asked))
            notes = {_key(one): f"tells the marks apart by {one.separation:.1f} deviations" for one in ranks}
    except ValueError as error:
        raise refusal("style channels", error, "choose another way") from error
    kept = [one for one in ranks if config.colours or not one.is_colour][: config.count]
    deviations = {one.number: styles_of(parts[one.number], cloud).std(0, correction=0) for one in kept}
    yield DirectionsDiscovered(
        tuple(_describe(generator, one, float(deviations[one.number][one.channel]), notes[_key(one)]) for one in kept)
    )


def _painted(task: Task) -> "tuple[Tensor, Tensor]":
    if task.region is None or task.w_plus is None:
        raise DiscoveryError("region", "nothing is painted", "paint over a part of the picture")
    return task.w_plus, task.region


def _key(rank: "ChannelRank") -> tuple[int, int]:
    return rank.number, rank.channel


def _describe(generator: "MappedGenerator", rank: "ChannelRank", deviation: float, note: str) -> Discovered:
    import torch

    from ganstudio.latent.directions import Direction

    widths = generator.spec.style_widths
    vector = torch.zeros(sum(widths))
    vector[sum(widths[: rank.number]) + rank.channel] = -1.0 if rank.shift < 0 else 1.0
    name = f"style_{rank.number}_{rank.channel}"
    direction = Direction(name, vector, max(deviation, 1e-12), 0.0, -_REACH, _REACH, "style")
    return Discovered(direction, f"Layer {rank.number}, channel {rank.channel}", notes=(note,))


METHODS.add(
    "channels",
    Method(
        "Style channels",
        "Single channels of StyleGAN's layers that change a painted region and nothing else, or tell your marks apart",
        "region",
        ChannelsConfig,
        find,
    ),
)
