"""All parts, imported by name so that a search and a frozen program both find them; in the order in which they act."""

from ganstudio.training.parts import path_length, r1, r2
from ganstudio.training.parts.base import PARTS

__all__ = ["PARTS", "path_length", "r1", "r2"]
