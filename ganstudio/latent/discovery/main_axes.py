"""Main axes of w, or of the first features carried back to z. Source: Härkönen et al. 2020 (GANSpace), section 3."""

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

_MAX_ROWS = 4000  # of first features, which can be long


@dataclass(frozen=True)
class MainAxesConfig:
    """How to look for main axes."""

    count: int = setting(10, "Directions", "How many axes, the most varied first", low=1, high=512, advanced=False)
    samples: int = setting(
        50_000, "Samples", "Latents to look at; first features take 4000 at most", low=10, high=50_000
    )
    first_layer: int = setting(0, "First layer", "Layers of w that are changed, from here", low=0, high=100)
    last_layer: int = setting(-1, "Last layer", "... to here; -1 for the last", low=-1, high=100)
    seed: int = setting(0, "Seed", "Draws the samples", low=0, high=2**31 - 1)

    def __post_init__(self) -> None:
        check_fields(self, DiscoveryError)


def find(task: Task, config: MainAxesConfig) -> Iterator[DiscoveryEvent]:
    """Find the axes along which w, or for other families the first features, vary most."""
    from ganstudio.latent.clouds import natural_space

    if natural_space(task.generator) == "w":
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
            Discovered(_axis(found, index, layers), f"Axis {index + 1}", share=float(found.shares[index]))
            for index in range(len(found.components))
        )
    )


def _axis(found: "PrincipalComponents", index: int, layers: tuple[int, int] | None) -> "Direction":
    from ganstudio.latent.directions import Direction

    vector, deviation = found.components[index].float(), float(found.deviations[index])
    return Direction(f"pca_{index + 1}", vector, deviation, 1.0, space="w", layers=layers)


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
