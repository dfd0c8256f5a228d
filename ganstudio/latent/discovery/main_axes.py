"""Main axes of w, of the first features carried back to z, or of what any layer makes.

Source: Härkönen et al. 2020 (GANSpace), section 3.
"""

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
    layer_range,
)

if TYPE_CHECKING:
    from ganstudio.latent.directions import Direction
    from ganstudio.latent.pca import PrincipalComponents

_MAX_ROWS = 4000  # of features, which can be long and are slow to draw
_AT_ONCE = 32  # pictures that are drawn as far as a layer


@dataclass(frozen=True)
class MainAxesConfig:
    """How to look for main axes."""

    count: int = setting(10, "Directions", "How many axes, the most varied first", low=1, high=512, advanced=False)
    samples: int = setting(
        50_000, "Samples", "Latents to look at; features and maps take 4000 at most", low=10, high=50_000
    )
    first_layer: int = setting(0, "First layer", "Layers of w that are changed, from here", low=0, high=100)
    last_layer: int = setting(-1, "Last layer", "... to here; -1 for the last", low=-1, high=100)
    layer: int = setting(
        -1, "Layer's maps", "Look at the maps after the layer of this number, and change them there; -1: the latent",
        low=-1, high=1000,
    )  # fmt: skip
    seed: int = setting(0, "Seed", "Draws the samples", low=0, high=2**31 - 1)

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: MainAxesConfig) -> Iterator[DiscoveryEvent]:
    """Find the axes along which w, or for other families the first features, or a layer's maps vary most."""
    from ganstudio.latent.clouds import natural_space

    if config.layer >= 0:
        yield from _find_in_maps(task, config)
    elif natural_space(task.generator) == "w":
        yield from _find_in_w(task, config)
    else:
        yield from _find_by_features(task, config)


def _find_in_w(task: Task, config: MainAxesConfig) -> Iterator[DiscoveryEvent]:
    from ganstudio.latent.clouds import latent_batches
    from ganstudio.latent.covariance import RunningCovariance

    spec = task.generator.spec
    layers = layer_range(config.first_layer, config.last_layer, spec.num_ws)
    running = RunningCovariance(spec.w_dim)
    try:
        for batch in latent_batches(task.generator, "w", config.samples, config.seed):
            running.add(batch)
            yield DiscoveryProgress("sampling w", 0.95 * running.count / config.samples)
        found = running.components(config.count)
    except ValueError as error:
        raise DiscoveryError("main axes", str(error), "open a trained network") from error
    yield DirectionsDiscovered(
        tuple(
            Discovered(_axis(found, index, layers=layers), f"Axis {index + 1}", share=float(found.shares[index]))
            for index in range(len(found.components))
        )
    )


def _find_in_maps(task: Task, config: MainAxesConfig) -> Iterator[DiscoveryEvent]:
    """The axes along which the means of a layer's maps vary most, which are what a step there moves."""
    import torch

    from ganstudio.latent.activations import mean_activations
    from ganstudio.latent.covariance import RunningCovariance
    from ganstudio.latent.spaces import draw_z

    generator, spec, layer = task.generator, task.generator.spec, config.layer
    if layer >= len(spec.feature_widths):
        count = len(spec.feature_widths)
        remedy = f"choose from 0 to {count - 1}" if count else "leave it at -1"
        raise DiscoveryError("layer", f"this network shows no layer of number {layer}", remedy)
    random, count = torch.Generator().manual_seed(config.seed), min(config.samples, _MAX_ROWS)
    running = RunningCovariance(spec.feature_widths[layer])
    try:
        while running.count < count:
            size = min(_AT_ONCE, count - running.count)
            z = draw_z(size, spec.z_dim, spec.latent_law, random).to(generator.device)
            running.add(mean_activations(generator, layer, z, generator.labels_in_turn(running.count, size)).cpu())
            yield DiscoveryProgress(f"looking at layer {layer}", 0.95 * running.count / count)
        found = running.components(config.count)
    except ValueError as error:
        raise DiscoveryError("main axes", str(error), "open a trained network") from error
    yield DirectionsDiscovered(
        tuple(
            Discovered(
                _axis(found, index, f"features:{layer}"),
                f"Layer {layer}, axis {index + 1}",
                share=float(found.shares[index]),
            )
            for index in range(len(found.components))
        )
    )


def _axis(
    found: "PrincipalComponents", index: int, space: str = "w", layers: tuple[int, int] | None = None
) -> "Direction":
    from ganstudio.latent.directions import Direction

    vector, deviation = found.components[index].float(), float(found.deviations[index])
    name = f"pca_{index + 1}" if space == "w" else f"{space.replace(':', '_')}_pca_{index + 1}"
    return Direction(name, vector, deviation, 1.0, space=space, layers=layers)


def _find_by_features(task: Task, config: MainAxesConfig) -> Iterator[DiscoveryEvent]:
    import torch

    from ganstudio.latent.pca import pca_directions
    from ganstudio.latent.spaces import draw_z

    generator, spec = task.generator, task.generator.spec
    count = min(config.samples, _MAX_ROWS)
    z = draw_z(count, spec.z_dim, spec.latent_law, torch.Generator().manual_seed(config.seed))
    parts = []
    for start in range(0, count, 250):
        batch = z[start : start + 250].to(generator.device)
        with torch.inference_mode():
            parts.append(generator.first_features(batch, generator.labels_in_turn(start, len(batch))).cpu())
        yield DiscoveryProgress("looking at first features", 0.8 * (start + len(batch)) / count)
    features = iter(parts)
    directions = pca_directions(lambda _: next(features), z, config.count, batch=250)
    if not directions:
        raise DiscoveryError("main axes", "its first features do not vary", "open a trained network")
    yield DirectionsDiscovered(
        tuple(Discovered(item, f"Axis {number}") for number, item in enumerate(directions, start=1))
    )


METHODS.add(
    "pca",
    Method(
        "Main axes",
        "Where random pictures differ most: main axes of w, or of the first features (PCA, GANSpace)",
        "model",
        MainAxesConfig,
        find,
    ),
)
