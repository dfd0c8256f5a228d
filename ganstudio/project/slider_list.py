"""Which sliders a project has with the open model, in the order in which they are shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ganstudio.checkpoints.base import CheckpointDescription, DirectionInfo
from ganstudio.project.sliders import SliderSettings
from ganstudio.project.state import Project
from ganstudio.rendering.looks.single_number import SingleNumber, single_number
from ganstudio.rendering.opening import fitting

Group = Literal["named", "own", "axes", "numbers"]
GROUPS: tuple[Group, ...] = ("named", "own", "axes", "numbers")

# Directions that were found by these ways are numbered, not named: what they do is for a person to see.
UNNAMED = frozenset({"pca", "layer", "closed-form", "ganspace", "sefa", "e4e_pca"})
_NUMBER_REACH = 3.0  # deviations
_SETTLED = SliderSettings()


@dataclass(frozen=True)
class SliderEntry:
    """One slider.

    Attributes:
        name: Of its direction, as edits call it.
        title: What people call it.
        low: Its lowest value, in deviations.
        high: Its highest value.
        group: Where it stands: "named" those that the model carries, "own" those of the project, "axes" those that
            nobody has named yet, "numbers" single numbers of the latent.
        info: What is known of the direction; None for a single number.
        is_own: Whether the project has it rather than the model.
        settings: What was said of it.
    """

    name: str
    title: str
    low: float
    high: float
    group: Group
    info: DirectionInfo | None
    is_own: bool
    settings: SliderSettings = _SETTLED

    @property
    def is_removable(self) -> bool:
        """Whether it can be taken off the list."""
        return self.is_own or self.info is None

    @property
    def space(self) -> str:
        """Where its step is taken; see `DirectionInfo`."""
        return self.name.partition(":")[0] if self.info is None else self.info.space


def list_sliders(project: Project, description: CheckpointDescription | None) -> tuple[SliderEntry, ...]:
    """All sliders, group by group; directions of the project that do not fit the model are left out."""
    if description is None:
        return ()
    settings = dict(project.sliders)
    carried = [_of_direction(info, settings, is_own=False) for info in description.directions]
    taken = {entry.name for entry in carried}
    own = [
        _of_direction(direction.info, settings, is_own=True)
        for direction in fitting(project.directions, description)
        if direction.name not in taken
    ]
    numbers = [_of_number(number, settings) for number in _numbers(project, description)]
    entries = [*carried, *own, *numbers]
    return tuple(entry for group in GROUPS for entry in entries if entry.group == group)


def count_of_other_models(project: Project, description: CheckpointDescription | None) -> int:
    """How many of the project's own directions do not fit the model."""
    return 0 if description is None else len(project.directions) - len(fitting(project.directions, description))


def title_of(name: str, project: Project, description: CheckpointDescription | None) -> str:
    """What people call a direction, also one that the open model does not have."""
    if title := project.slider_of(name).title:
        return title
    own = project.direction_of(name)
    if own is not None:
        return own.info.title
    carried = () if description is None else description.directions
    title = next((info.title for info in carried if info.name == name), "")
    number = None if description is None else single_number(name, description.spec)
    return title or (number.title if number else name.split("~", maxsplit=1)[0].replace("_", " "))


def _of_direction(info: DirectionInfo, known: dict[str, SliderSettings], is_own: bool) -> SliderEntry:
    settings = known.get(info.name, _SETTLED)
    group: Group = "own" if is_own else "named"
    if info.origin in UNNAMED and not settings.title:
        group = "axes"
    low, high = _limits(settings, info.low, info.high)
    return SliderEntry(info.name, settings.title or info.title, low, high, group, info, is_own, settings)


def _of_number(number: SingleNumber, known: dict[str, SliderSettings]) -> SliderEntry:
    settings = known.get(number.name, _SETTLED)
    low, high = _limits(settings, -_NUMBER_REACH, _NUMBER_REACH)
    return SliderEntry(number.name, settings.title or number.title, low, high, "numbers", None, False, settings)


def _limits(settings: SliderSettings, low: float, high: float) -> tuple[float, float]:
    """The ends of a slider; one that was set alone keeps its distance from the other."""
    low = low if settings.low is None else settings.low
    high = high if settings.high is None else settings.high
    return (low, high) if low < high else (low, low + 1.0)


def _numbers(project: Project, description: CheckpointDescription) -> Iterator[SingleNumber]:
    names = {name for name, _ in project.sliders} | {edit.direction for edit in project.look.edits}
    found = [number for name in names if (number := single_number(name, description.spec)) is not None]
    yield from sorted(found, key=lambda number: (number.space, number.layer or 0, number.index))
