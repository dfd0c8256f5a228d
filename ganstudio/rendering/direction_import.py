"""Takes what files of directions and latents hold for one model: directions of a project's own, and latents."""

from collections.abc import Generator as Work
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.checkpoints.latents.fitting import fit_directions, settle_space
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.rendering.looks.point import LatentPoint, latent_point
from ganstudio.rendering.opening import OpeningProgress

if TYPE_CHECKING:
    from ganstudio.networks.base import Generator

MAX_LATENTS = 20
MAX_DIRECTIONS = 512

Pairs = tuple[tuple[DirectionInfo, Array], ...]


@dataclass(frozen=True)
class NamedPoint:
    """A latent of a file, and what the file calls it."""

    name: str
    point: LatentPoint


@dataclass(frozen=True)
class LatentsImported:
    """What a file holds, fitted to the model.

    Attributes:
        directions: What it holds of directions.
        points: What it holds of latents; empty where sliders towards them were wanted.
        left_out: How many are more than is taken at once, or do not fit while others do.
        warnings: What a person should know of the file.
    """

    directions: tuple[OwnDirection, ...] = ()
    points: tuple[NamedPoint, ...] = ()
    left_out: int = 0
    warnings: tuple[str, ...] = ()


def import_latents(
    source: Path, spec: GeneratorSpec, latents: LatentFile, as_sliders: bool = False
) -> Iterator[OpeningProgress | LatentsImported]:
    """Fit what a file holds to a model; for a worker thread.

    The model is read only where its latents have to be measured: for courses without a size, and for sliders towards
    latents, which begin at the mean one.

    Args:
        source: The model.
        spec: Of its generator.
        latents: What to take over.
        as_sliders: Latents become directions from the mean latent: at truncation 0, strength 1 is the latent itself.

    Raises:
        CheckpointError: The model cannot be read, or what the file holds does not fit it: the message says which
            lengths do.
    """
    if latents.kind == "latent":
        yield from _import_points(source, spec, latents, as_sliders)
        return
    if latents.space == "style" and not latents.ready:
        raise CheckpointError(latents.path, "it holds what style channels mean to CLIP, which no slider takes",
                              "import directions of z, w or w+")  # fmt: skip
    pairs = fit_directions(latents, spec, MAX_DIRECTIONS)
    if not latents.deviations and not latents.ready:
        from ganstudio.rendering.carried_directions import carry_directions

        generator = yield from _read_generator(source)
        pairs = carry_directions(latents, generator, MAX_DIRECTIONS)
    models = {info.name: model for (info, _), model in zip(latents.ready, latents.models, strict=True)}
    own = tuple(own_direction(info, step, models.get(info.name, "")) for info, step in pairs)
    yield LatentsImported(own, (), latents.count - len(own), settle_space(latents, spec).warnings)


def _import_points(
    source: Path, spec: GeneratorSpec, latents: LatentFile, as_sliders: bool
) -> Iterator[OpeningProgress | LatentsImported]:
    if latents.space == "style":
        raise CheckpointError(latents.path, "it holds latents of style space, which no picture here begins with",
                              "import latents of z, w or w+")  # fmt: skip
    latents = settle_space(latents, spec)
    _check_shape(latents, spec)
    vectors = latents.arrays["vectors"][:MAX_LATENTS]
    left_out = latents.count - len(vectors)
    if not as_sliders:
        points = tuple(
            NamedPoint(latents.name(index), latent_point(latents.space, vector)) for index, vector in enumerate(vectors)
        )
        yield LatentsImported((), points, left_out, latents.warnings)
        return
    generator = yield from _read_generator(source)
    mean = _mean(generator, latents.space)
    own = tuple(_towards(latents, index, vector - mean) for index, vector in enumerate(vectors))
    yield LatentsImported(own, (), left_out, latents.warnings)


def _read_generator(source: Path) -> Work[OpeningProgress, None, "Generator"]:
    yield OpeningProgress("reading the model", 0.1)
    from ganstudio.rendering.renderer import Renderer

    generator = Renderer(source, "cpu").generator
    yield OpeningProgress("measuring the latents", 0.5)
    return generator


def _check_shape(latents: LatentFile, spec: GeneratorSpec) -> None:
    """Refuse latents of a shape that the model has not; in what it has, the message says which."""
    wanted = DirectionInfo("latent", "latent", -1.0, 1.0, space=latents.space).shape(spec)
    if wanted != latents.shape:
        reason = f"its latents in {latents.space} are of shape {list(latents.shape)}"
        remedy = f"this model takes {list(wanted)}" if wanted else f"this model has no {latents.space}"
        raise CheckpointError(latents.path, reason, remedy)


def _towards(latents: LatentFile, index: int, step: Array) -> OwnDirection:
    title = f"Towards {latents.name(index)}"
    info = DirectionInfo(f"towards_{index + 1}", title, -1.0, 1.5, None, latents.format, latents.space)
    return own_direction(info, np.asarray(step, np.float32))


def _mean(generator: "Generator", space: str) -> Array:
    """The mean latent of a space; that of all classes where each has its own."""
    from ganstudio.networks.base import MappedGenerator

    if space == "z" or not isinstance(generator, MappedGenerator):
        return np.zeros((), np.float32)
    mean = generator.mean_w.detach().cpu().numpy()
    return np.asarray(mean if mean.ndim == 1 else mean.mean(axis=0), np.float32)
