"""What a training run tells while it goes on; small, frozen, free of torch."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ganstudio.training.config import TrainingConfig

R = TypeVar("R")


@dataclass(frozen=True)
class TrainingStarted:
    """The networks stand; `resumed_at_kimg` is 0 for a fresh run.

    `taken` says in words which weights of another file it begins with, "" for none.
    """

    run: Path
    config: TrainingConfig
    resumed_at_kimg: float
    device: str
    taken: str = ""


@dataclass(frozen=True)
class CopiesSought:
    """How far the search for copies among the pictures is, 0 to 1; before anything is trained."""

    share: float


@dataclass(frozen=True)
class CopiesLeftOut:
    """So many pictures are neither trained on nor held out, being copies, or nearly, of others."""

    count: int


@dataclass(frozen=True)
class StepDone:
    """One discriminator and one generator step are done; comes after every step, so that a cancel is quick."""

    step: int
    kimg: float


@dataclass(frozen=True)
class ScalarsLogged:
    """Means since the last such event; the same line stands in `scalars.jsonl`.

    `scalars` holds loss_generator, loss_discriminator, d_real and d_fake (probabilities that D gives to real and
    generated pictures), gradient_generator, gradient_discriminator (norms), r1_penalty and path_length where they are
    used, learning_rate (the generator's).
    """

    kimg: float
    scalars: dict[str, float]
    images_per_second: float


@dataclass(frozen=True)
class SamplesDrawn:
    """A sheet of fixed latents was drawn with the averaged generator and saved."""

    kimg: float
    path: Path


@dataclass(frozen=True)
class ScoreMeasured:
    """The averaged generator was measured against held-out pictures (see `scoring.py` for the names)."""

    kimg: float
    scalars: dict[str, float]


@dataclass(frozen=True)
class SnapshotSaved:
    """The averaged generator was saved as a checkpoint that opens anywhere."""

    kimg: float
    path: Path


@dataclass(frozen=True)
class BestKept:
    """The score was the best so far: its snapshot and its state are kept until there is a better one."""

    kimg: float
    kid: float


@dataclass(frozen=True)
class StateSaved:
    """Everything needed to go on was saved."""

    kimg: float
    path: Path


@dataclass(frozen=True)
class TrainingWarned:
    """Something is wrong, but training goes on."""

    kimg: float
    message: str


@dataclass(frozen=True)
class TrainingEnded:
    """The planned number of pictures was shown."""

    kimg: float


TrainingEvent = (
    CopiesSought
    | CopiesLeftOut
    | TrainingStarted
    | StepDone
    | ScalarsLogged
    | SamplesDrawn
    | ScoreMeasured
    | SnapshotSaved
    | BestKept
    | StateSaved
    | TrainingWarned
    | TrainingEnded
)


def silently(events: Generator[Any, None, R]) -> Generator[Any, None, R]:
    """Run work to its end without telling of it, and return what it returns: for all processes but the first."""
    yield from ()
    while True:
        try:
            next(events)
        except StopIteration as end:
            result: R = end.value
            return result
