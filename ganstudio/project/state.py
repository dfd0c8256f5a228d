"""The one value that says what a person is looking at; replaced as a whole by every edit, never written to."""

from dataclasses import dataclass, replace
from typing import Literal

from ganstudio.rendering.request import SEED_RANGE, Look

View = Literal["single", "grid"]
VIEWS: tuple[View, ...] = ("single", "grid")
GRID_SIDES = (2, 8)  # pictures in a row of the grid, which is square
HISTORY_LENGTH = 200
_START = Look()


@dataclass(frozen=True)
class Project:
    """All that undo goes back over.

    Attributes:
        checkpoint: Path of the open model, or None.
        look: How the picture on the canvas is made; always equal to `history[history_index]`.
        history: The pictures visited, oldest first; adjusting a picture changes its entry, a new one adds an entry.
        history_index: Which of them is on the canvas.
        favourites: Pictures that were kept, in the order in which they were.
        view: One picture, or a grid of neighbours that share all settings but the seed.
        grid_side: Pictures in a row of the grid, 2 to 8.
        picks: Places in the grid that are selected, ascending.
    """

    checkpoint: str | None = None
    look: Look = _START
    history: tuple[Look, ...] = (_START,)
    history_index: int = 0
    favourites: tuple[Look, ...] = ()
    view: View = "single"
    grid_side: int = 4
    picks: tuple[int, ...] = ()

    @property
    def grid_looks(self) -> tuple[Look, ...]:
        """The pictures of the grid: the canvas's own first, then the seeds that follow it."""
        seeds = (self.look.seed + place for place in range(self.grid_side**2))
        return tuple(replace(self.look, seed=seed % (SEED_RANGE[1] + 1)) for seed in seeds)
