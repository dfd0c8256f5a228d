"""What can go wrong with a training run."""

from ganstudio.errors import GanStudioError


class TrainingError(GanStudioError):
    """Training cannot start or go on."""


class TrainingConfigError(TrainingError):
    """A setting that is unknown, of the wrong type or out of range."""


class TrainingDivergedError(TrainingError):
    """A loss or gradient stopped being a number; the last good state is kept."""


def diverged() -> TrainingDivergedError:
    """The error of a round whose loss or gradient is no number."""
    return TrainingDivergedError(
        "training", "a loss or gradient is no number any more", "lower the learning rates or raise R1, then resume"
    )


class TrainingMemoryError(TrainingError):
    """The memory does not suffice, however small the parts in which a batch is taken."""


class RunFolderError(TrainingError):
    """A run folder that cannot be used: gone, damaged, or not a run."""


class RunLockedError(RunFolderError):
    """Another process or window is training in this run folder."""
