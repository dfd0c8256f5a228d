"""Directions of a file, made fit for a generator that is to carry them."""

import re
from dataclasses import replace

import numpy as np

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import Floats, LatentFile, Space
from ganstudio.networks.spec import GeneratorSpec

MAX_DIRECTIONS = 200
_REACH = 3.0


def fit_directions(
    latents: LatentFile, spec: GeneratorSpec, limit: int = MAX_DIRECTIONS
) -> tuple[tuple[DirectionInfo, Array], ...]:
    """Turn the directions of a file into what a checkpoint carries: each with the step float32 of strength 1.

    Args:
        latents: A file of directions.
        spec: The generator that is to carry them.
        limit: How many at most, the first ones.

    Raises:
        CheckpointError: The file holds points, or its sizes do not fit the generator.
    """
    if latents.kind != "direction":
        raise CheckpointError(latents.path, "it holds latents, not directions", "import a file of directions")
    if latents.ready:
        return _fit_ready(latents, spec)[:limit]
    latents = settle_space(_without_needless_layers(latents), spec)
    _check_sizes(latents, spec)
    vectors = latents.arrays["vectors"]
    return tuple(_direction(latents, vectors[index], index) for index in range(min(latents.count, limit)))


def settle_space(latents: LatentFile, spec: GeneratorSpec) -> LatentFile:
    """Take vectors for those of z, or of w, where the generator has only that for their length."""
    other: Space = "w" if latents.space == "z" else "z"
    sizes = {"z": spec.z_dim, "w": spec.w_dim}
    if latents.space not in sizes or sizes[latents.space] == latents.shape[0] or sizes[other] != latents.shape[0]:
        return latents
    warning = f"they are taken for {other}, for this generator has no {latents.space} of {latents.shape[0]} numbers"
    return replace(latents, space=other, warnings=(warning,))


def _fit_ready(latents: LatentFile, spec: GeneratorSpec) -> tuple[tuple[DirectionInfo, Array], ...]:
    """Those that fit, of directions that say all of themselves."""
    fitting = tuple((info, step) for info, step in latents.ready if info.shape(spec) == step.shape)
    if not fitting:
        info, step = latents.ready[0]
        reason = f"its directions, such as {info.title[:40]!r} in {info.space} of shape {list(step.shape)}, do not fit"
        wanted = info.shape(spec)
        takes = f"this generator takes shape {list(wanted)}" if wanted else f"this generator has no {info.space}"
        raise CheckpointError(latents.path, reason, takes)
    return fitting


def _without_needless_layers(latents: LatentFile) -> LatentFile:
    """Take directions that are the same in all layers for what they are: of w, whatever the number of layers."""
    if latents.space != "w_plus" or not latents.facts.get("same_in_all_layers"):
        return latents
    return replace(latents, space="w", arrays={**latents.arrays, "vectors": latents.arrays["vectors"][:, 0]})


def _check_sizes(latents: LatentFile, spec: GeneratorSpec) -> None:
    expected = spec.latent_shapes
    wanted = expected.get(latents.space)
    if wanted is None:
        reason = f"its directions are in {latents.space}, of shape {list(latents.shape)}, which this generator has not"
        takes = ", ".join(f"{space} {list(shape)}" for space, shape in expected.items())
        raise CheckpointError(latents.path, reason, f"this generator takes directions in {takes}")
    if latents.shape != wanted:
        reason = f"its directions in {latents.space} are of shape {list(latents.shape)}"
        raise CheckpointError(latents.path, reason, f"this generator takes shape {list(wanted)}")


def _direction(latents: LatentFile, vector: Floats, index: int) -> tuple[DirectionInfo, Array]:
    title = latents.name(index)
    low, high = latents.sliders[index] if index < len(latents.sliders) else (-_REACH, _REACH)
    deviation = latents.deviations[index] if index < len(latents.deviations) else 1.0
    name = re.sub(r"\W+", "_", title).strip("_").lower()[:60] or f"direction_{index + 1}"
    layers = latents.layers[index] if index < len(latents.layers) else None
    info = DirectionInfo(name, title, low, high, None, latents.format, latents.space, layers)
    return info, vector * np.float32(deviation)
