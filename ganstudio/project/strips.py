"""Which pictures show what a slider does: the picture on the canvas, with the slider from its low end to its high."""

from dataclasses import replace

from ganstudio.project.slider_list import SliderEntry
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import MOST_EDITS, Edit
from ganstudio.rendering.looks.look import Look

STRIP_PICTURES = 5


def strip_strengths(entry: SliderEntry, count: int = STRIP_PICTURES) -> tuple[float, ...]:
    """The strengths that a strip shows, evenly from end to end."""
    step = (entry.high - entry.low) / (count - 1)
    return tuple(round(entry.low + place * step, 4) for place in range(count))


def strip_looks(project: Project, entry: SliderEntry, count: int = STRIP_PICTURES) -> tuple[Look, ...]:
    """The looks of a strip; () where the picture takes as many steps already as there may be.

    Everything but the slider's own step stays as it is, and this one is heard, whatever is muted or solo.
    """
    look = project.look
    known = look.edit_of(entry.name)
    shown = known or Edit(entry.name, 0.0, entry.settings.layers)
    shown = replace(shown, is_muted=False, is_solo=shown.is_solo or any(edit.is_solo for edit in look.edits))
    if known is None and len(look.edits) >= MOST_EDITS:
        return ()
    before = tuple(look.edits) if known is None else look.edits[: look.edits.index(known)]
    after = () if known is None else look.edits[look.edits.index(known) + 1 :]
    return tuple(
        replace(look, edits=(*before, replace(shown, strength=strength), *after))
        for strength in strip_strengths(entry, count)
    )
