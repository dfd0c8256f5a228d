"""Main axes of what any layer makes, carried back to the latent. Source: Härkönen et al. 2020 (GANSpace), section 3."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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

_BATCH = 25


@dataclass(frozen=True)
class LayerAxesConfig:
    """Which layer to look at, and how.

    Attributes:
        layer: Name of a module of the generator, as the layers view shows it.
    """

    layer: str = setting("", "Layer", "Whose maps are compared")
    count: int = setting(10, "Directions", "How many axes, the most varied first", low=1, high=512, advanced=False)
    samples: int = setting(1000, "Samples", "Pictures that are drawn as far as the layer", low=50, high=10_000)
    first_layer: int = setting(0, "First layer", "Layers of w that are changed, from here", low=0, high=100)
    last_layer: int = setting(-1, "Last layer", "... to here; -1 for the last", low=-1, high=100)
    seed: int = setting(0, "Seed", "Draws the samples", low=0, high=2**31 - 1)

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: LayerAxesConfig) -> Iterator[DiscoveryEvent]:
    """Find the steps of w, or for other families of z, that change most what a layer makes."""
    import torch

    from ganstudio.latent.clouds import latent_cloud, natural_space
    from ganstudio.latent.directions import in_space
    from ganstudio.latent.layer_features import layer_features
    from ganstudio.latent.pca import pca_directions

    generator = task.generator
    layers = layer_range(config.first_layer, config.last_layer, generator.spec.num_ws)
    space = natural_space(generator)
    latents = latent_cloud(generator, space, config.samples, config.seed)
    parts = []
    try:
        for rows in layer_features(generator, config.layer, iter(torch.split(latents, _BATCH)), space):
            parts.append(rows)
            yield DiscoveryProgress("drawing as far as the layer", 0.8 * len(parts) * _BATCH / (len(latents) + _BATCH))
        yield DiscoveryProgress("comparing", 0.82)
        features = iter(parts)
        found = pca_directions(lambda _: next(features), latents, config.count, _BATCH)
    except ValueError as error:
        raise refusal(config.layer or "layer", error, "choose another layer") from error
    if not found:
        raise DiscoveryError(config.layer, "what it makes does not vary", "choose another layer")
    where = config.layer.rpartition(".")[2] if len(config.layer) > 24 else config.layer
    named = (replace(item, name=f"layer_{item.name}") for item in found)
    yield DirectionsDiscovered(
        tuple(
            Discovered(in_space(item, space, layers), f"Axis {number} of {where}")
            for number, item in enumerate(named, start=1)
        )
    )


METHODS.add(
    "layer",
    Method(
        "Main axes of a layer",
        "Where random pictures differ most in the maps of one layer (GANSpace)",
        "model",
        LayerAxesConfig,
        find,
    ),
)
