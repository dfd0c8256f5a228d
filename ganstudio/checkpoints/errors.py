"""The one error of this room."""

from ganstudio.errors import GanStudioError


class CheckpointError(GanStudioError):
    """A checkpoint that cannot be opened: which file, why, and what to do."""
