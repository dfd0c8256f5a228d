"""Directions from the weights alone. Source: Shen & Zhou 2021 (SeFa)."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    layer_range,
    refusal,
)

_SAMPLES = 2000  # to measure how far latents spread along a direction


@dataclass(frozen=True)
class ClosedFormConfig:
    """What to factorise."""

    count: int = setting(10, "Directions", "How many, the strongest first", low=1, high=512, advanced=False)
    first_layer: int = setting(0, "First layer", "Layers of w that are read and changed, from here", low=0, high=100)
    last_layer: int = setting(-1, "Last layer", "... to here; -1 for the last", low=-1, high=100)
    colours: bool = setting(
        default=False, title="Colour layers", explanation="Also read the layers that turn maps into colours"
    )
    normalise: bool = setting(
        default=True, title="Equal channels", explanation="Let each channel count the same, as the original does"
    )

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: ClosedFormConfig) -> Iterator[DiscoveryEvent]:
    """Find the steps that change most what the styles, or for other families the first layer, make."""
    from ganstudio.latent.closed_form import factorise, first_weight, style_weights
    from ganstudio.latent.clouds import latent_cloud, natural_space
    from ganstudio.latent.directions import in_space, make_direction
    from ganstudio.networks.base import MappedGenerator

    generator = task.generator
    layers = layer_range(config.first_layer, config.last_layer, generator.spec.num_ws)
    yield DiscoveryProgress("reading the weights", 0.1)
    try:
        is_mapped = isinstance(generator, MappedGenerator)
        weights = style_weights(generator, layers, config.colours) if is_mapped else [first_weight(generator)]
        found = factorise(weights, config.count, config.normalise)
    except ValueError as error:
        raise refusal("closed form", error, "search the main axes instead") from error
    yield DiscoveryProgress("measuring the latents", 0.5)
    space = natural_space(generator)
    cloud = latent_cloud(generator, space, _SAMPLES)
    whole = float(found.strengths.square().sum())
    yield DirectionsDiscovered(
        tuple(
            Discovered(
                in_space(make_direction(f"sefa_{number}", vector, cloud, 1.0), space, layers),
                f"Factor {number}",
                share=float(strength.square()) / whole,
            )
            for number, (vector, strength) in enumerate(zip(found.vectors, found.strengths, strict=True), start=1)
        )
    )


METHODS.add(
    "closed-form",
    Method(
        "Closed form",
        "What the first weights answer to most (SeFa); needs no pictures and comes at once",
        "model",
        ClosedFormConfig,
        find,
    ),
)
