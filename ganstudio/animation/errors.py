"""What can be wrong with an animation."""

from ganstudio.errors import GanStudioError


class AnimationError(GanStudioError):
    """A timeline with a value that none can have, or that cannot be drawn or written."""
