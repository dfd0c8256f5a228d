"""What the list of directions says of each in words and marks."""

from PySide6.QtGui import QPixmap

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.gui import icons, theme
from ganstudio.gui.widgets.direction_slider import Mark
from ganstudio.gui.widgets.layer_range import say_layers
from ganstudio.project.slider_list import UNNAMED, Group, SliderEntry
from ganstudio.rendering.looks.edit import Edit

ENTANGLED = 0.25  # from here on other things change a quarter as much as the wanted one, which is seen
_MARK_PX = 14

TITLES: dict[Group, tuple[str, str]] = {
    "named": ("Named", "Directions that the model carries"),
    "own": ("Found Here", "Directions of this project: found, picked or imported; drag a name to put it elsewhere"),
    "axes": ("Unnamed Axes", "Directions that nobody has named yet: look at what they do, and give them names (F2)"),
    "numbers": ("Raw Numbers", "Single numbers of the latent"),
}


def explain(entry: SliderEntry) -> str:
    """All that is known of a slider, for its tooltip."""
    info = entry.info
    if info is None:
        place = ", channel ".join(entry.name.split(":")[1:])
        where = f"Style channel: layer {place}" if entry.space == "style" else f"Number {place} of {entry.space}"
        return "\n".join(filter(None, (f"{where}, in its own standard deviations.", _explain_entanglement(entry))))
    lines = [f"In standard deviations of the latent ({say_space(info.space)}) along this direction."]
    if quality := _explain_quality(info):
        lines.append(quality)
    if entangled := _explain_entanglement(entry):
        lines.append(entangled)
    if info.layers is not None:
        lines.append(f"Made for {say_layers(info.layers)}.")
    if entry.title != info.title:
        lines.append(f"Its own name is {info.title}.")
    return "\n".join(lines)


def say_space(space: str) -> str:
    """A space as people write it."""
    return space.replace("_plus", "+")


def marks_of(entry: SliderEntry, edit: Edit | None, class_name: str) -> tuple[Mark, ...]:
    """What stands beside a slider's name.

    Args:
        entry: The slider.
        edit: The step that it stands for, if there is one.
        class_name: Of the class that the step is for.
    """
    marks: list[Mark] = []
    info = entry.info
    if info is not None and _has_quality(info) and (quality := _explain_quality(info)):
        marks.append(Mark("quality", quality, text=f"{info.quality:.0%}"))
    if _entanglement_of(entry) > ENTANGLED:
        marks.append(Mark("entangled", _explain_entanglement(entry), _draw("entangled")))
    layers = edit.layers if edit is not None else entry.settings.layers
    if layers is not None:
        marks.append(Mark("layers", f"Acts in {say_layers(layers)} only", text=say_layers(layers).split(" ")[1]))
    if edit is not None and edit.label is not None:
        marks.append(Mark("class", f"For class {class_name} only", text=class_name[:8]))
    if edit is not None and edit.is_muted:
        marks.append(Mark("muted", "Muted: left out for now", text="M"))
    if edit is not None and edit.is_solo:
        marks.append(Mark("solo", "Solo: all others are left out for now", text="S"))
    if entry.settings.is_locked:
        marks.append(Mark("locked", "Locked: unlock it in its menu", _draw("lock")))
    return tuple(marks)


def _has_quality(info: DirectionInfo) -> bool:
    return info.quality is not None and info.origin not in UNNAMED


def _explain_quality(info: DirectionInfo) -> str:
    if not _has_quality(info):
        return ""
    if info.origin == "factor":
        return f"A straight line explains {info.quality:.0%} of this factor on pictures held out."
    return f"It tells {info.quality:.0%} of pictures right that were held out."


def _entanglement_of(entry: SliderEntry) -> float:
    """What was measured in this project, else what the direction itself says; 0 where nobody knows."""
    if entry.settings.effects is not None:
        return entry.settings.effects.entanglement
    return 0.0 if entry.info is None or entry.info.entanglement is None else entry.info.entanglement


def _explain_entanglement(entry: SliderEntry) -> str:
    effects = entry.settings.effects
    if effects is not None:
        moves = f"Measured: moves {effects.wanted} by {effects.change:+.1f} deviations from end to end"
        return "; ".join(filter(None, (moves, effects.say_others()))) + "."
    if entry.info is None or entry.info.entanglement is None:
        return ""
    return f"Also changes other factors, {entry.info.entanglement:.0%} as much as this one, on average."


def _draw(name: str) -> QPixmap:
    ratio = 2  # sharp on dense screens
    picture = icons.draw(name, theme.current().muted, _MARK_PX * ratio)
    picture.setDevicePixelRatio(ratio)
    return picture
