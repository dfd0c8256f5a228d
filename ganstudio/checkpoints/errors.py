"""The errors of this room."""

from ganstudio.errors import GanStudioError

COPY_AGAIN = "copy or download it again"
DO_NOT_TRUST = "do not trust it, ask for the weights alone (safetensors)"


_LONGEST = 280  # of a clause, so that a line with a path stays readable


class CheckpointError(GanStudioError):
    """A checkpoint that cannot be opened: which file, why, and what to do.

    What a stranger wrote into the file may be quoted: nothing that a terminal would obey gets through.
    """

    def __init__(self, subject: object, reason: str, remedy: str = "") -> None:
        super().__init__(printable(str(subject)), printable(reason)[:_LONGEST], printable(remedy)[:_LONGEST])


def printable(text: str) -> str:
    """Replace line feeds, control characters and marks that turn the direction of writing."""
    return "".join(letter if letter.isprintable() else " " if letter in "\n\t" else "?" for letter in text)


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


def refuse_call(name: str) -> ContentError:
    """Say that a file asks for code to be run."""
    return ContentError(f"it asks to run {name[:160]}, which is code and no data", DO_NOT_TRUST)


class AssumptionError(GanStudioError):
    """Something was assumed of a file that nothing is called in it, or that cannot be."""
