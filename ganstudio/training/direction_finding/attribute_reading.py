"""Reads what is known of pictures (the avatars' factors, classes of a data set) off whatever a generator draws.

The network that reads is taught once for a data set and a size, and kept in the cache: it is asked by the search for
named directions, by suggested names and by the measuring of sliders.
"""

import contextlib
import json
from collections.abc import Generator as Work
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from ganstudio.datasets.avatars.factors import FACTORS
from ganstudio.datasets.builtin import WORD
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.preparation import DatasetPrepared, PicturesPrepared, prepare
from ganstudio.datasets.prepared import PreparedDataset
from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir, write_atomically
from ganstudio.latent.clouds import latent_batches
from ganstudio.networks.base import Generator
from ganstudio.networks.factor_regressor import FactorRegressor
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.training.direction_finding.factor_reading import (
    BATCH,
    LabelledPictures,
    classes_as_factors,
    learn_to_read,
    read_generated,
)
from ganstudio.training.errors import TrainingError

READER_STEPS = 800
_WORST = 0.2  # held-out R² below which an attribute is not read at all
_VERSION = 1  # raise it when readers come to be taught otherwise


@dataclass(frozen=True)
class ReadingProgress:
    """What is done to get a reader, and how much of all, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True, eq=False)
class AttributeReader:
    """A network that reads attributes off pictures, in units of each attribute's own deviation in the data.

    Attributes:
        network: In evaluation mode.
        names: F names.
        titles: What people call them.
        quality: Held-out R² of each.
        source: What it learned from, for people.
        channels: Of the pictures: 3 for RGB, 1 for grey.
    """

    network: FactorRegressor
    names: tuple[str, ...]
    titles: tuple[str, ...]
    quality: tuple[float, ...]
    source: str
    channels: int = 3

    @property
    def legible(self) -> tuple[int, ...]:
        """Numbers of those attributes that it reads well enough to say anything of them."""
        return tuple(index for index, value in enumerate(self.quality) if value >= _WORST)

    def narrowed(self) -> FactorRegressor:
        """A network that reads the legible ones alone."""
        if len(self.legible) == len(self.names):
            return self.network
        weights = dict(self.network.state_dict())
        for name in ("head.2.weight", "head.2.bias"):
            weights[name] = weights[name][list(self.legible)]
        network = FactorRegressor(self.channels, len(self.legible), torch.Generator())
        network.load_state_dict(weights)
        return network.to(weights["head.2.bias"].device).eval().requires_grad_(requires_grad=False)


def obtain_reader(
    place: str, generator: Generator, steps: int = READER_STEPS
) -> Work[ReadingProgress, None, AttributeReader]:
    """Take the reader of a data set from the cache, or teach one.

    Args:
        place: The data set; see `trained_on`.
        generator: Whose pictures are to be read: says their size, channels and device.
        steps: How long to teach.

    Raises:
        DatasetError: The pictures cannot be opened.
        TrainingError: Nothing is known of them.
    """
    spec = generator.spec
    pictures = yield from _prepare(place, spec)
    try:
        labelled = _with_known(pictures)
        kept = _path_of(pictures.digest, spec, labelled.factor_names, steps)
        found = _load(kept, spec, labelled.factor_names)
        if found is None:
            found = yield from _teach(labelled, generator.device, steps)
            _keep(kept, *found)
    finally:
        pictures.close()
    network, quality = found
    known = {factor.name: factor.title for factor in FACTORS} if place.startswith(WORD) else {}
    names = tuple(labelled.factor_names)
    titles = tuple(known.get(name, name) for name in names)
    return AttributeReader(network.to(generator.device), names, titles, quality, pictures.source, spec.channels)


def read_random(
    generator: Generator, reader: AttributeReader, space: str, count: int, seed: int = 7
) -> Work[ReadingProgress, None, tuple[Tensor, Tensor]]:
    """Read the legible attributes off the pictures of random latents.

    Args:
        generator: In evaluation mode.
        reader: Reads.
        space: "z" or "w".
        count: How many pictures.
        seed: Draws them.

    Returns:
        The latents `(N, D)` and the values `(N, F)`.
    """
    network, latents, values = reader.narrowed(), list[Tensor](), list[Tensor]()
    for batch in latent_batches(generator, space, count, seed, BATCH):
        first = len(latents) * BATCH
        values.append(read_generated(generator, network, batch, space, first))
        latents.append(batch)
        yield ReadingProgress("reading generated pictures", min(1.0, (first + BATCH) / count))
    return torch.cat(latents), torch.cat(values)


def _prepare(place: str, spec: GeneratorSpec) -> Work[ReadingProgress, None, PreparedDataset]:
    source = open_source(place)
    try:
        for event in prepare(source, PreparationConfig(spec.resolution, spec.channels)):
            if isinstance(event, PicturesPrepared):
                yield ReadingProgress("preparing labelled pictures", 0.2 * event.done / max(1, event.total))
            elif isinstance(event, DatasetPrepared):
                return event.dataset
    finally:
        source.close()
    raise TrainingError(place, "preparing its pictures did not come to an end", "try again")


def _with_known(pictures: PreparedDataset) -> LabelledPictures:
    if pictures.factors is not None and len(pictures.factor_names):
        return pictures
    return classes_as_factors(pictures.pixels, pictures.labels, pictures.class_names)


def _teach(
    pictures: LabelledPictures, device: torch.device, steps: int
) -> Work[ReadingProgress, None, tuple[FactorRegressor, tuple[float, ...]]]:
    if pictures.factors is None:
        raise TrainingError("pictures", "nothing is known of them", "choose pictures with classes or factors")
    learning = learn_to_read(pictures.pixels, pictures.factors, steps, device)
    while True:
        try:
            done = next(learning)
        except StopIteration as stop:
            network, quality = stop.value
            return network, tuple(quality.tolist())
        yield ReadingProgress("learning to read them", 0.2 + 0.8 * done)


def _path_of(digest: str, spec: GeneratorSpec, names: Sequence[str], steps: int) -> Path:
    words = json.dumps([_VERSION, digest, spec.resolution, spec.channels, list(names), steps])
    return user_cache_dir() / "readers" / f"{sha256(words.encode()).hexdigest()[:32]}.safetensors"


def _load(path: Path, spec: GeneratorSpec, names: Sequence[str]) -> tuple[FactorRegressor, tuple[float, ...]] | None:
    """A reader that was kept; None where there is none, or none that is whole."""
    count = len(names)
    network = FactorRegressor(spec.channels, count, torch.Generator())
    try:
        with safetensors.safe_open(path, "pt") as file:
            quality = tuple(map(float, json.loads((file.metadata() or {})["quality"])))
        network.load_state_dict(safetensors.torch.load_file(path))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, safetensors.SafetensorError):
        return None
    return (network.eval().requires_grad_(requires_grad=False), quality) if len(quality) == count else None


def _keep(path: Path, network: FactorRegressor, quality: tuple[float, ...]) -> None:
    weights = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    content = safetensors.torch.save(weights, {"quality": json.dumps(quality)})
    with contextlib.suppress(OSError, GanStudioError):  # a cache that cannot be written to is done without
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda file: file.write(content))
