"""What of a picture can be keyed: how it is read off a look, put into one, and gone through from key to key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ganstudio.animation.errors import AnimationError
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import STRENGTH_RANGE, Edit
from ganstudio.rendering.looks.look import BLEND_RANGE, TRUNCATION_RANGE, Look

EDIT_PREFIX = "edit:"
ZOOM_RANGE = (0.1, 32.0)
CENTRE_RANGE = (0.0, 1.0)


@dataclass(frozen=True)
class Frame:
    """What one moment shows.

    Attributes:
        look: How the picture is made.
        zoom: How much it is magnified, 1 for the whole picture.
        centre: What of it is in the middle, from 0 to 1 across and down.
    """

    look: Look
    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)


@dataclass(frozen=True)
class Parameter:
    """One thing that can be keyed.

    Attributes:
        name: In files and addresses.
        title: What people call it.
        limits: Lowest and highest value of a number; None for the latent.
        read: The value that a frame has.
        write: The frame with another value.
        steps: Whether only whole values make sense, so that they are held until the next key.
    """

    name: str
    title: str
    limits: tuple[float, float] | None
    read: Callable[[Frame], Any]
    write: Callable[[Frame, Any], Frame]
    steps: bool = False


def parameter_of(name: str) -> Parameter:
    """The parameter of a name; "edit:NAME" is the strength along a direction.

    Raises:
        AnimationError: There is none.
    """
    if name.startswith(EDIT_PREFIX) and len(name) > len(EDIT_PREFIX):
        return _of_direction(name.removeprefix(EDIT_PREFIX))
    found = next((parameter for parameter in PARAMETERS if parameter.name == name), None)
    if found is None:
        known = ", ".join(parameter.name for parameter in PARAMETERS)
        raise AnimationError(str(name)[:60], "there is nothing of this name to key", f"known are {known}, edit:NAME")
    return found


def check_value(parameter: Parameter, value: object) -> None:
    """Refuse a value that a parameter cannot have.

    Raises:
        AnimationError: It is of the wrong kind or out of range.
    """
    if parameter.limits is None:
        if not isinstance(value, Look):
            raise AnimationError(parameter.title, "its key holds no latent", "key the picture on the canvas")
        return
    low, high = parameter.limits
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:  # type: ignore[operator] # NaN fails, too
        raise AnimationError(parameter.title, f"{value!r} is out of range", f"give a number from {low:g} to {high:g}")


def _change_look(frame: Frame, **values: Any) -> Frame:
    try:
        return replace(frame, look=replace(frame.look, **values))
    except LookError as error:
        raise AnimationError(error.subject, error.reason, error.remedy) from error


def _write_latent(frame: Frame, latent: Look) -> Frame:
    names = ("seed", "drift", "point", "blend_seed", "blend", "label", "second_label", "between")
    values = {name: getattr(latent, name) for name in names}
    return _change_look(frame, **values, label_blend=latent.label_blend)


def _write_mix(frame: Frame, strength: float) -> Frame:
    """Scale the layers of the mix so that the strongest has this strength."""
    mix = frame.look.mix
    highest = max(mix.strengths, default=0.0) if mix is not None else 0.0
    if mix is None or highest == 0:
        return frame
    strengths = tuple(min(value / highest * strength, 1.0) for value in mix.strengths)
    return _change_look(frame, mix=replace(mix, strengths=strengths))


def _read_mix(frame: Frame) -> float:
    return max(frame.look.mix.strengths, default=0.0) if frame.look.mix is not None else 0.0


def _of_direction(direction: str) -> Parameter:
    def write(frame: Frame, strength: float) -> Frame:
        known = frame.look.edit_of(direction)
        others: Sequence[Edit] = frame.look.edits
        if known is None:
            return _change_look(frame, edits=(*others, Edit(direction, strength)))
        changed = replace(known, strength=strength)
        return _change_look(frame, edits=tuple(changed if edit == known else edit for edit in others))

    title = direction.split("~", maxsplit=1)[0].replace("_", " ").capitalize()
    name = EDIT_PREFIX + direction
    return Parameter(name, title, STRENGTH_RANGE, lambda frame: frame.look.strength_of(direction), write)


def _noise(name: str, title: str, limits: tuple[float, float], steps: bool = False) -> Parameter:
    def read(frame: Frame) -> Any:
        value = getattr(frame.look.noise, name)
        return 0 if value is None else value

    def write(frame: Frame, value: float) -> Frame:
        changes: dict[str, Any] = {name: round(value) if steps else value}
        return _change_look(frame, noise=replace(frame.look.noise, **changes))

    return Parameter(f"noise_{name}", title, limits, read, write, steps)


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("latent", "Picture", None, lambda frame: frame.look.latent, _write_latent),
    Parameter(
        "truncation",
        "Truncation",
        TRUNCATION_RANGE,
        lambda frame: frame.look.truncation,
        lambda frame, value: _change_look(frame, truncation=value),
    ),
    Parameter(
        "label_blend",
        "Class blend",
        BLEND_RANGE,
        lambda frame: frame.look.label_blend,
        lambda frame, value: _change_look(frame, label_blend=min(max(value, 0.0), 1.0)),
    ),
    _noise("strength", "Noise strength", (0.0, 5.0)),
    _noise("seed", "Noise seed", (0.0, 2.0**32 - 1), steps=True),
    Parameter("mix", "Mix", BLEND_RANGE, _read_mix, _write_mix),
    Parameter(
        "zoom",
        "Zoom",
        ZOOM_RANGE,
        lambda frame: frame.zoom,
        lambda frame, value: replace(frame, zoom=value),
    ),
    Parameter(
        "centre_x",
        "Centre across",
        CENTRE_RANGE,
        lambda frame: frame.centre[0],
        lambda frame, value: replace(frame, centre=(value, frame.centre[1])),
    ),
    Parameter(
        "centre_y",
        "Centre down",
        CENTRE_RANGE,
        lambda frame: frame.centre[1],
        lambda frame, value: replace(frame, centre=(frame.centre[0], value)),
    ),
)
