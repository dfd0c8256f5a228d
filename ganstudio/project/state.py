"""The one value that says what a person is looking at; replaced as a whole by every edit, never written to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ganstudio.animation.timeline import Timeline
from ganstudio.project.sliders import SliderSettings
from ganstudio.rendering.looks.checking import SEED_RANGE
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection

View = Literal["single", "grid", "layers", "map"]
VIEWS: tuple[View, ...] = ("single", "grid", "layers", "map")
GRID_SIDES = (2, 20)  # pictures in a row of the grid, which is square
HISTORY_LENGTH = 200
_START = Look()
_STILL = Timeline()


@dataclass(frozen=True)
class Entry:
    """A picture of the history or of the favourites.

    Attributes:
        look: How it is made.
        checkpoint: Path of the model that makes it; None: whichever is open.
        name: What a person calls it, or "".
    """

    look: Look
    checkpoint: str | None = None
    name: str = ""

    def is_same(self, look: Look, checkpoint: str | None) -> bool:
        """Whether it is this picture of this model, whatever it is called."""
        return self.look == look and self.checkpoint in (checkpoint, None)


@dataclass(frozen=True)
class Project:
    """All that undo goes back over.

    Attributes:
        checkpoint: Path of the open model, or None.
        look: How the picture on the canvas is made; always that of `history[history_index]`.
        history: The pictures visited, oldest first; adjusting a picture changes its entry, a new one adds an entry.
        history_index: Which of them is on the canvas.
        favourites: Pictures that were kept, in the order in which they were.
        view: One picture, a grid of neighbours that share all settings but the seed, or what the layers make of it.
        grid_side: Pictures in a row of the grid, 2 to 20.
        picks: Places in the grid that are selected, ascending.
        liked: Pictures marked + as examples of something, in the order in which they were; none is disliked as well.
        disliked: Pictures marked − as examples of its opposite.
        marked_in: Path of the model whose pictures are marked; None where none are.
        directions: Those that were found, picked or imported here and that no checkpoint carries, in the order of
            their sliders; edits name them.
        timeline: How the picture moves.
        sliders: How the sliders of directions, of the checkpoint's as well, were set up, by the direction's name.
    """

    checkpoint: str | None = None
    look: Look = _START
    history: tuple[Entry, ...] = (Entry(_START),)
    history_index: int = 0
    favourites: tuple[Entry, ...] = ()
    view: View = "single"
    grid_side: int = 4
    picks: tuple[int, ...] = ()
    liked: tuple[Look, ...] = ()
    disliked: tuple[Look, ...] = ()
    marked_in: str | None = None
    directions: tuple[OwnDirection, ...] = ()
    sliders: tuple[tuple[str, SliderSettings], ...] = ()
    timeline: Timeline = _STILL

    def slider_of(self, name: str) -> SliderSettings:
        """How the slider of a direction was set up; nothing said of one that was not."""
        return dict(self.sliders).get(name, SliderSettings())

    def direction_of(self, name: str) -> OwnDirection | None:
        """The project's own direction of this name, if there is one."""
        return next((direction for direction in self.directions if direction.name == name), None)

    def directions_of(self, looks: Iterable[Look]) -> tuple[OwnDirection, ...]:
        """Those of the project's own directions that one of the looks goes along."""
        named = frozenset[str]().union(*(look.directions for look in looks))
        return tuple(direction for direction in self.directions if direction.name in named) if named else ()

    @property
    def entry(self) -> Entry:
        """The picture on the canvas, with its name."""
        return self.history[self.history_index]

    @property
    def favourite_looks(self) -> frozenset[Look]:
        """The favourites of the open model."""
        return frozenset(entry.look for entry in self.favourites if entry.is_same(entry.look, self.checkpoint))

    @property
    def has_marks_elsewhere(self) -> bool:
        """Whether the pictures that are marked are of another model than the open one."""
        return self.marked_in not in (None, self.checkpoint)

    @property
    def checkpoints(self) -> tuple[str, ...]:
        """Paths of all models that it has pictures of, the open one first."""
        found = (self.checkpoint, *(entry.checkpoint for entry in (*self.history, *self.favourites)), self.marked_in)
        return tuple(dict.fromkeys(path for path in found if path is not None))

    @property
    def grid_looks(self) -> tuple[Look, ...]:
        """The pictures of the grid: the canvas's own first, then the seeds that follow it."""
        return _neighbours(self.look, self.grid_side**2)


@lru_cache(maxsize=4)  # asked for by several at every change; 400 looks take some milliseconds to check
def _neighbours(look: Look, count: int) -> tuple[Look, ...]:
    seeds = [(look.seed + place) % (SEED_RANGE[1] + 1) for place in range(1, count)]
    plain = look.from_seed
    return (look, *(replace(plain, seed=seed) for seed in seeds))
