"""From two files to a third: reads, mixes, writes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ganstudio.checkpoints.base import Checkpoint
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.fingerprints import FileHashed, FileKnown, find_fingerprint
from ganstudio.checkpoints.formats.native import DIRECTION_PREFIX, GENERATOR_PREFIX, write_generator
from ganstudio.checkpoints.mixing.mixer import ModelMixer
from ganstudio.checkpoints.mixing.shares import MixError, MixShares

MakeShares = Callable[[tuple[int, ...]], MixShares]
"""From the resolutions that a network has to what each takes of the second model."""


@dataclass(frozen=True)
class MixingProgress:
    """What is being done, and how much of all is done, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True)
class ModelsMixed:
    """The file is written.

    Attributes:
        path: The file.
        shares: What it took of the second model.
        directions: How many directions it carries.
    """

    path: Path
    shares: MixShares
    directions: int


def mix_models(
    first: Path, second: Path, target: Path, make_shares: MakeShares
) -> Iterator[MixingProgress | ModelsMixed]:
    """Write a model between two others in GANStudio's own format; where it comes from is among its facts.

    Args:
        first: A checkpoint of any kind.
        second: Another of the same network.
        target: The file to write; an older one of that name is replaced, the two sources never.
        make_shares: What each resolution takes of the second.

    Yields:
        Progress, at last ModelsMixed.

    Raises:
        CheckpointError: A source cannot be read.
        MixError: The two do not fit together, or the shares do not fit the network.
        FileWriteError: The disk is full or the folder not writable.
    """
    check_target(first, second, target)
    yield MixingProgress(f"reading {first.name[:40]}", 0.0)
    one = read(first)
    yield MixingProgress(f"reading {second.name[:40]}", 0.25)
    mixer = ModelMixer(one, read(second))
    hashes = []
    for number, path in enumerate((first, second)):
        for event in find_fingerprint(path):
            if isinstance(event, FileHashed):
                yield MixingProgress("noting where it comes from", 0.5 + 0.1 * (number + event.fraction))
            elif isinstance(event, FileKnown):
                hashes.append(event.fingerprint.sha256)
    yield MixingProgress("mixing", 0.7)
    shares = make_shares(mixer.sizes)
    mixed = with_hashes(mixer.mix(shares), (hashes[0], hashes[1]))
    yield MixingProgress(f"writing {target.name[:40]}", 0.85)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_checkpoint(target, mixed)
    yield ModelsMixed(target, shares, len(mixed.directions))


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write what is in memory in GANStudio's own format; raises FileWriteError."""
    weights = {GENERATOR_PREFIX + name: array for name, array in checkpoint.weights.items()}
    vectors = {DIRECTION_PREFIX + name: array for name, array in checkpoint.directions.items()}
    write_generator(path, checkpoint.description, checkpoint.config, {**weights, **vectors})


def with_hashes(checkpoint: Checkpoint, hashes: tuple[str, str]) -> Checkpoint:
    """A mixed model whose facts tell the SHA-256 of its sources as well."""
    facts = dict(checkpoint.description.facts)
    for name, sha256 in zip(("mixed_first", "mixed_second"), hashes, strict=True):
        facts[name] = f"{facts[name]} (SHA-256 {sha256})"
    return replace(checkpoint, description=replace(checkpoint.description, facts=facts))


def check_target(first: Path, second: Path, target: Path) -> None:
    """Refuse a target that is one of the sources, or a folder; raises MixError."""
    if target.is_dir():
        raise MixError(str(target), "it is a folder", "name a file in it")
    if any(target.exists() and source.exists() and target.samefile(source) for source in (first, second)):
        raise MixError(target.name, "it is one of the two files that are mixed", "choose another name")
