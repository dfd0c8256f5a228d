"""The recipe that a picture carries: enough to come back to it, kept in the picture file itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ganstudio
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.look import Look


@dataclass(frozen=True)
class Recipe:
    """How a picture was made.

    Attributes:
        look: Latent and edits.
        checkpoint: Path of the model as it was then, or None.
    """

    look: Look
    checkpoint: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain values for `images.save_picture`."""
        return {
            "program": f"GANStudio {ganstudio.__version__}",
            "checkpoint": self.checkpoint,
            "look": self.look.to_json(),
        }


def read_recipe(values: Mapping[str, Any]) -> Recipe:
    """Check what a picture says of its making; inverse of `Recipe.to_json`.

    Raises:
        LookError: It is none of our recipes, or holds a value out of range.
    """
    checkpoint = values.get("checkpoint")
    if not isinstance(checkpoint, str | None):
        raise LookError("checkpoint", "it is not a path", "open the model first, then the picture")
    return Recipe(Look.from_json(values.get("look")), checkpoint)
