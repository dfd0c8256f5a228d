"""Finding directions for the open model from the window: the search, and writing them into its file."""

from collections.abc import Generator as Work
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.datasets.avatars.factors import FACTORS
from ganstudio.datasets.builtin import WORD, AvatarSource
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.preparation import DatasetPrepared, PicturesPrepared, prepare

if TYPE_CHECKING:
    from ganstudio.networks.base import Generator
    from ganstudio.training.direction_search import FoundDirection

AXES = 8
LABELLED_PICTURES, READING_STEPS, SAMPLES = 4000, 800, 6000


@dataclass(frozen=True)
class FindingProgress:
    """What the search does, and how far it is, 0 to 1."""

    doing: str
    fraction: float


def find_directions(path: Path, data: str) -> Iterator[FindingProgress]:
    """Find directions and write them into the checkpoint.

    Args:
        path: A checkpoint in our own format; its weights stay as they are.
        data: What the model was trained on, as its facts say; for the avatars, whose factors are known, the directions
            get names.

    Raises:
        CheckpointError: The file cannot be opened.
        FileWriteError: It cannot be written; it is then as it was.
    """
    import torch  # late: runs in a worker, the window must not wait for torch

    from ganstudio.checkpoints.building import build_generator, replace_directions
    from ganstudio.checkpoints.catalogue import read
    from ganstudio.devices import default_threads
    from ganstudio.training.direction_search import DirectionsFound, SearchProgress, search_main_axes

    torch.set_num_threads(default_threads())
    checkpoint = read(path)
    generator = build_generator(checkpoint, torch.device("cpu"))
    found: list[FoundDirection] = []
    if data.startswith(WORD):
        found += yield from _find_factors(generator)
    for event in search_main_axes(generator, AXES):
        if isinstance(event, SearchProgress):
            yield FindingProgress(event.doing, 0.97)
        elif isinstance(event, DirectionsFound):
            found += event.directions
    replace_directions(path, checkpoint, found)


def _find_factors(generator: "Generator") -> "Work[FindingProgress, None, list[FoundDirection]]":
    from ganstudio.training.direction_search import DirectionsFound, SearchProgress, search_factors

    config = PreparationConfig(generator.spec.resolution, generator.spec.channels)
    dataset = None
    for event in prepare(AvatarSource(LABELLED_PICTURES), config):
        if isinstance(event, PicturesPrepared):
            yield FindingProgress("drawing labelled pictures", 0.2 * event.done / event.total)
        elif isinstance(event, DatasetPrepared):
            dataset = event.dataset
    found: list[FoundDirection] = []
    if dataset is not None:
        titles = {factor.name: factor.title for factor in FACTORS}
        for step in search_factors(generator, dataset, titles, READING_STEPS, SAMPLES):
            if isinstance(step, SearchProgress):
                yield FindingProgress(step.doing, 0.2 + 0.75 * step.fraction)
            elif isinstance(step, DirectionsFound):
                found += step.directions
    return found
