"""Beginning with the weights of another generator, and of its discriminator where there is one, not with fresh ones."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from ganstudio.checkpoints.base import Array, CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.formats.native import read_file
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.beginning import refusal_of_pictures, refusal_to_begin, state_beside
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingError
from ganstudio.training.game.pair import Pair

T = TypeVar("T", Tensor, Array)
LEAST_TAKEN = 0.5  # of the weights; with fewer, fresh ones are as good


def adopt_generator(config: TrainingConfig) -> TrainingConfig:
    """Give a run the generator of the file that it begins with, where the recipe's own cannot take its weights.

    Of the same family, both networks become as large as the file's. Of another, the generator alone is the file's, and
    the recipe's discriminator judges it: so any generator that can be drawn with can be trained further, but for those
    that keep no weights.

    Args:
        config: Settings of a run that has not begun.

    Returns:
        The same settings where nothing is to be adopted, also where it was before.

    Raises:
        CheckpointError: The file cannot be opened.
        TrainingError: It cannot learn from such pictures, or not at all.
    """
    if not config.start_from or config.generator:
        return config
    checkpoint = read(Path(config.start_from))
    description = checkpoint.description
    if refusal := refusal_to_begin(description):
        raise refusal
    own = NETWORKS[config.network].make_config(config.network_config)
    is_alike = description.family == config.network
    if is_alike:
        network = NETWORKS[config.network].build_generator(own, torch.Generator().manual_seed(0))
        if _share(_fitting(checkpoint.weights, network), network) > LEAST_TAKEN:
            return config
    if refusal := refusal_of_pictures(description, own.resolution, own.channels, own.num_classes):
        raise refusal
    theirs = asdict(NETWORKS[description.family].make_config(checkpoint.config))
    if is_alike:
        return replace(config, network_config=theirs)
    judged = {**config.network_config}
    if own.num_classes and not theirs["num_classes"]:
        judged["num_classes"] = 0  # the pictures have classes, what draws them has none
    return replace(config, network_config=judged, generator=description.family, generator_config=theirs)


def take_weights(pair: Pair, path: Path) -> float:
    """Give the generator of a pair, and its average, all weights of a checkpoint that have the same name and shape.

    Args:
        pair: Not yet trained.
        path: A checkpoint of any format that opens, of the family that the pair's generator is of.

    Returns:
        The share of the pair's generator that was taken, above 0.5 up to 1.

    Raises:
        CheckpointError: The file cannot be opened.
        TrainingError: It is of another family or shape.
    """
    checkpoint = read(path)
    family, wanted = checkpoint.description.family, pair.config.generator_family
    if family != wanted:
        reason = f"it is a generator of the family {family or 'none'}, the run trains {wanted}"
        raise TrainingError(path, reason, "begin a new run with it")
    fitting = _fitting(build_generator(checkpoint, torch.device("cpu")).state_dict(), pair.generator)
    share = _share(fitting, pair.generator)
    if share <= LEAST_TAKEN:
        reason = f"only {share:.0%} of the weights fit this recipe's network"
        raise TrainingError(path, reason, "choose a recipe of the same size, or start afresh")
    for network in (pair.generator, pair.averaged):
        network.load_state_dict(fitting, strict=False)
    return share


def take_discriminator(pair: Pair, path: Path) -> float:
    """Give the discriminator of a pair the weights of the one that a snapshot's generator learned from.

    Snapshots hold the generator alone; the discriminator is in the newest state of their run, where that is still
    there.

    Args:
        pair: Not yet trained.
        path: Of the snapshot.

    Returns:
        The share of the pair's discriminator that was taken: above 0.5 up to 1, or 0 where there is none that fits.
    """
    state = state_beside(path)
    if state is None:
        return 0.0
    try:
        _, tensors = read_file(state)
    except CheckpointError:  # one that is broken is no reason not to start
        return 0.0
    start = "discriminator."
    judge = {
        name.removeprefix(start): torch.from_numpy(np.array(value))
        for name, value in tensors.items()
        if name.startswith(start)
    }
    fitting = _fitting(judge, pair.discriminator)
    share = _share(fitting, pair.discriminator)
    if share <= LEAST_TAKEN:
        return 0.0
    pair.discriminator.load_state_dict(fitting, strict=False)
    return share


def describe_taken(path: Path, generator: float, discriminator: float, frozen: bool) -> str:
    """What was taken of a file, and what to do about it, in words.

    Args:
        path: The file.
        generator: Share of the generator's weights that were taken.
        discriminator: Likewise of the discriminator's.
        frozen: Whether its first layers stay as they are.
    """
    fresh = " (the rest is fresh)" if generator < 1 else ""
    begun = f"begins with {generator:.0%} of the generator's weights{fresh}"
    if not discriminator:
        thaw = ", and do not freeze what it does not know yet (freeze_discriminator)" if frozen else ""
        advice = f"let the generator wait (generator_delay_kimg) until it knows the pictures{thaw}"
        return f"{begun} of {path.name}; that file has no discriminator that fits, so it is fresh: {advice}"
    more = "" if frozen else "; with few pictures, Freeze D (freeze_discriminator) keeps what it knows"
    return f"{begun} and {discriminator:.0%} of the discriminator's, of {path.name}{more}"


def _fitting(source: Mapping[str, T], target: nn.Module) -> dict[str, T]:
    """What has the name and shape of a weight of the target."""
    shapes = {name: value.shape for name, value in target.state_dict().items()}
    return {name: value for name, value in source.items() if shapes.get(name) == value.shape}


def _share(names: Iterable[str], target: nn.Module) -> float:
    """The share of a network's numbers that weights of these names are."""
    sizes: dict[str, int] = {name: value.numel() for name, value in target.state_dict().items()}
    return sum(sizes[name] for name in names) / sum(sizes.values())
