"""The errors of this room."""

from ganstudio.errors import GanStudioError

COPY_AGAIN = "copy or download it again"
DO_NOT_TRUST = "do not trust it, ask for the weights alone (safetensors)"


class CheckpointError(GanStudioError):
    """A checkpoint that cannot be opened: which file, why, and what to do."""


class NoGeneratorError(CheckpointError):
    """Weights that were read whole and sound, in which no generator is found that could be built here."""


class ContentError(Exception):
    """What a parser found wrong with the bytes before it; whoever knows the file makes a CheckpointError of it.

    Args:
        reason: What is wrong, in one clause.
        remedy: What the person can do about it, in one clause.
    """

    def __init__(self, reason: str, remedy: str = COPY_AGAIN) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)


class AssumptionError(GanStudioError):
    """Something was assumed of a file that nothing is called in it, or that cannot be."""
