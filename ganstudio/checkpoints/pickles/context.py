"""What constructors may use of the file that they read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.pickles.budget import Budget


@dataclass(frozen=True)
class Context:
    """The file around a call.

    Attributes:
        budget: What the file has left.
        load_from_bytes: Reads a whole torch file that is one byte string of this one; None inside of such a string.
    """

    budget: Budget
    load_from_bytes: Callable[[ByteSlice], Any] | None = None


Constructor = Callable[..., Any]
"""Makes data of `(context, *arguments)`; TypeError and ValueError mean that the file is damaged."""
