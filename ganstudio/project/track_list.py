"""What of a project can be keyed with the open model, as people call it, and what of it an edit has changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ganstudio.animation.parameters import EDIT_PREFIX, PARAMETERS, Frame, parameter_of
from ganstudio.animation.timeline import Key, Track
from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.project.slider_list import list_sliders, title_of
from ganstudio.project.state import Project
from ganstudio.project.timeline_edits import set_key
from ganstudio.rendering.looks.look import Look


@dataclass(frozen=True)
class TrackChoice:
    """Something that can be given a track.

    Attributes:
        name: Of the parameter.
        title: What people call it.
        limits: The range that its slider has; None for the latent.
        is_direction: Whether it is a step along a direction.
    """

    name: str
    title: str
    limits: tuple[float, float] | None
    is_direction: bool = False


def list_choices(project: Project, description: CheckpointDescription | None) -> tuple[TrackChoice, ...]:
    """All that the open model lets be keyed, its directions last."""
    if description is None:
        return ()
    plain = [
        TrackChoice(parameter.name, parameter.title, parameter.limits)
        for parameter in PARAMETERS
        if _makes_sense(parameter.name, project, description.spec)
    ]
    sliders = (
        TrackChoice(EDIT_PREFIX + entry.name, entry.title, (entry.low, entry.high), is_direction=True)
        for entry in list_sliders(project, description)
    )
    return (*plain, *sliders)


def choice_of(name: str, project: Project, description: CheckpointDescription | None) -> TrackChoice:
    """One parameter, also one that the open model does not have."""
    known = next((choice for choice in list_choices(project, description) if choice.name == name), None)
    if known is not None:
        return known
    parameter = parameter_of(name)
    if not name.startswith(EDIT_PREFIX):
        return TrackChoice(name, parameter.title, parameter.limits)
    title = title_of(name.removeprefix(EDIT_PREFIX), project, description)
    return TrackChoice(name, title, (-3.0, 3.0), is_direction=True)


def changed_parameters(old: Look, new: Look) -> tuple[str, ...]:
    """Names of what can be keyed and is otherwise in a look than it was in another."""
    names = [parameter.name for parameter in PARAMETERS if parameter.name != "latent"]
    directions = dict.fromkeys(edit.direction for edit in (*old.edits, *new.edits))
    names += [EDIT_PREFIX + direction for direction in directions]
    before, after = Frame(old), Frame(new)
    found = [name for name in names if parameter_of(name).read(before) != parameter_of(name).read(after)]
    blend = new.label_blend
    is_other = replace(old, label_blend=blend).latent != new.latent
    return ("latent", *found) if is_other else tuple(found)


def key_values(project: Project, shown: Frame, parameters: Iterable[str], frame: int) -> Project:
    """Key what a moment shows of some parameters.

    Args:
        project: What is edited.
        shown: The moment.
        parameters: Their names.
        frame: Where the keys go.

    Raises:
        EditError: There are too many keys.
    """
    for name in parameters:
        project = set_key(project, name, Key(frame, parameter_of(name).read(shown)))
    return project


def tracks_of(project: Project) -> tuple[Track, ...]:
    """The tracks, the latent's first, then in the order in which they came."""
    return tuple(sorted(project.timeline.tracks, key=lambda track: track.parameter != "latent"))


def _makes_sense(name: str, project: Project, spec: GeneratorSpec) -> bool:
    needs = {
        "label_blend": spec.num_classes > 0,
        "noise_strength": spec.has_noise,
        "noise_seed": spec.has_noise,
        "mix": project.look.mix is not None,
    }
    return needs.get(name, True)
