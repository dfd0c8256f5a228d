"""Takes directions and latents of other programs into a copy of a model, where they become sliders."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.rendering.opening import OpeningProgress

if TYPE_CHECKING:
    from ganstudio.networks.base import Generator

MAX_LATENTS = 20

Pairs = tuple[tuple[DirectionInfo, Array], ...]


@dataclass(frozen=True)
class DirectionsImported:
    """The copy is written.

    Attributes:
        path: The copy.
        count: How many sliders came with the file.
        are_points: Whether they lead to latents rather than along directions.
        warnings: What a person should know of the file.
    """

    path: Path
    count: int
    are_points: bool
    warnings: tuple[str, ...] = ()


def import_directions(
    source: Path, latents: LatentFile, target: Path
) -> Iterator[OpeningProgress | DirectionsImported]:
    """Write a copy of a model that carries what a file holds, beside the directions that it has; for a worker thread.

    Latents become sliders as well: from the mean latent, at truncation 0, strength 1 is the latent itself.

    Args:
        source: The model.
        latents: What to take over.
        target: The copy; its folder is made.

    Raises:
        CheckpointError: The model cannot be read, or what the file holds does not fit it.
        FileWriteError: The copy cannot be written.
    """
    yield OpeningProgress("reading the model", 0.1)
    from ganstudio.checkpoints.building import replace_directions
    from ganstudio.checkpoints.catalogue import read

    checkpoint = read(source)
    spec = checkpoint.description.spec
    from ganstudio.rendering.carried_directions import carry_directions
    from ganstudio.rendering.renderer import Renderer

    yield OpeningProgress("measuring the latents", 0.4)
    generator = Renderer(checkpoint, "cpu").generator
    is_course = latents.kind == "direction"
    new = carry_directions(latents, generator) if is_course else _steps_to(latents, spec, generator)
    yield OpeningProgress("writing the copy", 0.7)
    names = {info.name for info, _ in new}
    kept = [(info, checkpoint.directions[info.name]) for info in checkpoint.description.directions
            if info.name not in names]  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    replace_directions(target, checkpoint, [*kept, *new])
    yield DirectionsImported(target, len(new), latents.kind != "direction", latents.warnings)


def _steps_to(latents: LatentFile, spec: GeneratorSpec, generator: "Generator") -> Pairs:
    """Steps from the mean latent to each latent of a file."""
    if latents.space == "style":
        raise CheckpointError(latents.path, "it holds latents of style space, which no slider here takes",
                              "import latents of z, w or w+")  # fmt: skip
    mean = _mean(generator, latents.space)
    vectors = latents.arrays["vectors"][:MAX_LATENTS]
    pairs = []
    for index, vector in enumerate(vectors):
        title = f"Towards {latents.name(index)}"
        name = f"towards_{index + 1}_of_{latents.path.stem[:40]}"
        info = DirectionInfo(name, title, -1.0, 1.5, None, latents.format, latents.space)
        wanted = info.shape(spec)
        if wanted != vector.shape:
            reason = f"its latents in {latents.space} are of shape {list(vector.shape)}"
            remedy = f"this model takes {list(wanted)}" if wanted else f"this model has no {latents.space}"
            raise CheckpointError(latents.path, reason, remedy)
        pairs.append((info, np.asarray(vector - mean, np.float32)))
    return tuple(pairs)


def _mean(generator: "Generator", space: str) -> Array:
    """The mean latent of a space; that of all classes where each has its own."""
    from ganstudio.networks.base import MappedGenerator

    if space == "z" or not isinstance(generator, MappedGenerator):
        return np.zeros((), np.float32)
    mean = generator.mean_w.detach().cpu().numpy()
    return np.asarray(mean if mean.ndim == 1 else mean.mean(axis=0), np.float32)
