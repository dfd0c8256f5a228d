"""What searches for directions tell while they run, and what they find; torch is never loaded here."""

from collections.abc import Generator as Work
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from ganstudio.images import Pixels
from ganstudio.rendering.looks.own_direction import OwnDirection

if TYPE_CHECKING:
    from ganstudio.latent.naming import Suggestion


@dataclass(frozen=True)
class FindingProgress:
    """What the search does, and how far it is, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True, eq=False)
class FoundSlider:
    """A direction that was found.

    Attributes:
        direction: The direction.
        facts: What is known of how well it holds, in words.
        accuracy: Share of held-out examples on the right side, None where there were none.
    """

    direction: OwnDirection
    facts: tuple[str, ...] = ()
    accuracy: float | None = None


@dataclass(frozen=True, eq=False)
class SlidersFound:
    """All that was found, the most telling first, and what a person should know of the whole."""

    sliders: tuple[FoundSlider, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class StripDrawn:
    """What a direction does, from its slider's low end to its high end: uint8 `(N, H, W, C)`."""

    name: str
    pixels: Pixels = field(repr=False)


@dataclass(frozen=True)
class LayersListed:
    """What the layers of a model are called, in the order in which they run."""

    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NamesSuggested:
    """What directions may be called, by their names."""

    names: "Mapping[str, Suggestion]"


T = TypeVar("T")


class Step(Protocol):
    """Something that tells how far it is."""

    @property
    def doing(self) -> str:
        """What is being done."""

    @property
    def fraction(self) -> float:
        """How much of it is done, 0 to 1."""


FindingEvent = FindingProgress | SlidersFound | StripDrawn | NamesSuggested
Finding = Work[FindingProgress, None, SlidersFound]


def relay(part: "Work[Step, None, T]", start: float, end: float) -> Work[FindingProgress, None, T]:
    """Tell of the progress of a part of the search, which counts it from 0 to 1."""
    while True:
        try:
            event = next(part)
        except StopIteration as stop:
            result: T = stop.value
            return result
        yield FindingProgress(event.doing, start + (end - start) * event.fraction)
