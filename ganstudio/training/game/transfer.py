"""Beginning with the weights of another generator instead of fresh ones."""

from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.networks.base import Generator
from ganstudio.training.errors import TrainingError
from ganstudio.training.game.pair import Pair

LEAST_TAKEN = 0.5  # of the weights; with fewer, fresh ones are as good


def take_weights(pair: Pair, path: Path) -> float:
    """Give the generator of a pair, and its average, all weights of a checkpoint that have the same name and shape.

    Args:
        pair: Not yet trained.
        path: A checkpoint of any format that opens, of the same network family.

    Returns:
        The share of the pair's generator that was taken, above 0.5 up to 1.

    Raises:
        CheckpointError: The file cannot be opened.
        TrainingError: It is of another family or shape.
    """
    checkpoint = read(path)
    family = checkpoint.description.family
    if family != pair.config.network:
        reason = f"it is a generator of the family {family}, the run trains {pair.config.network}"
        raise TrainingError(path, reason, "choose a recipe of the same family, or start afresh")
    fitting = _fitting(build_generator(checkpoint, torch.device("cpu")), pair.generator)
    share = _count(fitting.values()) / _count(pair.generator.state_dict().values())
    if share <= LEAST_TAKEN:
        reason = f"only {share:.0%} of the weights fit this recipe's network"
        raise TrainingError(path, reason, "choose a recipe of the same size, or start afresh")
    for network in (pair.generator, pair.averaged):
        network.load_state_dict(fitting, strict=False)
    return share


def _count(tensors: Iterable[Tensor]) -> int:
    return sum(tensor.numel() for tensor in tensors)


def _fitting(source: Generator, target: Generator) -> dict[str, Tensor]:
    shapes = {name: value.shape for name, value in target.state_dict().items()}
    return {name: value for name, value in source.state_dict().items() if shapes.get(name) == value.shape}
