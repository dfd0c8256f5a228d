"""What can be wrong with an edit."""

from ganstudio.errors import GanStudioError


class EditError(GanStudioError):
    """An edit with a value that no project can have."""
