"""Edits of the animation: keys, tracks, markers, and how long and how fast it runs."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

from ganstudio.animation.easing import Easing
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at
from ganstudio.animation.parameters import parameter_of
from ganstudio.animation.sound.drive import Drive
from ganstudio.animation.sound.features import Source
from ganstudio.animation.timeline import Key, LatentWay, Marker, Timeline, Track
from ganstudio.project.adjusting import EditError
from ganstudio.project.state import Project

Place = tuple[str, int]
"""A key: the name of its parameter and its frame."""
_Made = TypeVar("_Made", Timeline, Track)


def set_timeline(project: Project, timeline: Timeline) -> Project:
    """Put a whole timeline in the place of the one that is there."""
    return replace(project, timeline=timeline)


def set_length(project: Project, length: int) -> Project:
    """Set how many frames it has; keys beyond the end stay and are not shown."""
    return _change(project, length=length)


def set_fps(project: Project, fps: Fraction) -> Project:
    """Set the frames a second."""
    return _change(project, fps=fps)


def set_loop(project: Project, is_loop: bool) -> Project:
    """Let the end lead back to the beginning, or not."""
    return _change(project, is_loop=is_loop)


def set_sound(project: Project, path: str) -> Project:
    """Play and export an audio file with it; "" takes it away."""
    return _change(project, sound=path)


def set_drive(project: Project, drive: Drive) -> Project:
    """Let the sound drive a parameter; in the place of what drove it by the same source."""
    known = project.timeline.drives
    key = (drive.parameter, drive.source)
    if any((one.parameter, one.source) == key for one in known):
        return _change(project, drives=tuple(drive if (one.parameter, one.source) == key else one for one in known))
    return _change(project, drives=(*known, drive))


def set_drives(project: Project, drives: Iterable[Drive]) -> Project:
    """Let the sound drive these things, each by one source once, and nothing else.

    Raises:
        EditError: One is there twice.
    """
    chosen = tuple(drives)
    keys = [(drive.parameter, drive.source) for drive in chosen]
    if len(set(keys)) < len(keys):
        raise EditError("sound", "it moves the same thing twice by one source", "choose another source, or remove one")
    return _change(project, drives=chosen)


def remove_drive(project: Project, parameter: str, source: Source) -> Project:
    """Let the sound drive a parameter no longer."""
    kept = tuple(one for one in project.timeline.drives if (one.parameter, one.source) != (parameter, source))
    return _change(project, drives=kept)


def set_pace(project: Project, pace: Iterable[tuple[float, float]]) -> Project:
    """Re-time the latent; () gives it back the keys' own timing."""
    return _change(project, pace=tuple(pace))


def key_now(project: Project, parameter: str, frame: int) -> Project:
    """Key what the picture on the canvas has of a parameter, at a frame."""
    timeline = replace(project.timeline, tracks=())
    value = parameter_of(parameter).read(frame_at(timeline, project.look, 0))
    return set_key(project, parameter, Key(frame, value))


def set_key(project: Project, parameter: str, key: Key) -> Project:
    """Put a key on a track, which is made if it is not there; one on the same frame gives way, its easing stays."""
    track = project.timeline.track_of(parameter) or _checked(lambda: Track(parameter))
    old = next((known for known in track.keys if known.frame == key.frame), None)
    if old is not None and key.easing == Easing():
        key = replace(key, easing=old.easing)
    others = [known for known in track.keys if known.frame != key.frame]
    return _set_track(project, _with_keys(track, [*others, key]))


def remove_keys(project: Project, places: Iterable[Place]) -> Project:
    """Take keys away; a track without keys goes with its last."""
    gone = set(places)
    tracks = []
    for track in project.timeline.tracks:
        keys = tuple(key for key in track.keys if (track.parameter, key.frame) not in gone)
        if keys or not track.keys:
            tracks.append(replace(track, keys=keys))
    return _change(project, tracks=tuple(tracks))


def shift_keys(project: Project, places: Iterable[Place], frames: int) -> Project:
    """Move keys later (or earlier, down to frame 0); those that they land on give way."""
    chosen = set(places)
    earliest = min((frame for _, frame in chosen), default=0)
    frames = max(frames, -earliest)
    return _retime(project, chosen, lambda frame: frame + frames)


def stretch_keys(project: Project, places: Iterable[Place], factor: float) -> Project:
    """Stretch the time between keys, from the earliest of them on.

    Raises:
        EditError: A factor that is not above 0.
    """
    if not 0 < factor < 1e4:
        raise EditError("stretch", f"{factor:g} times as long", "give a number above 0")
    chosen = set(places)
    start = min((frame for _, frame in chosen), default=0)
    return _retime(project, chosen, lambda frame: start + round((frame - start) * factor))


def paste_keys(project: Project, keys: Iterable[tuple[str, Key]], frame: int) -> Project:
    """Put copies of keys on the timeline so that the earliest is at `frame`."""
    copied = list(keys)
    start = min((key.frame for _, key in copied), default=0)
    for parameter, key in copied:
        project = set_key(project, parameter, replace(key, frame=key.frame - start + frame))
    return project


def set_easing(project: Project, places: Iterable[Place], easing: Easing) -> Project:
    """Set how values go on from these keys."""
    chosen = set(places)

    def change(parameter: str, key: Key) -> Key:
        return replace(key, easing=easing) if (parameter, key.frame) in chosen else key

    tracks = tuple(
        replace(track, keys=tuple(change(track.parameter, key) for key in track.keys))
        for track in project.timeline.tracks
    )
    return _change(project, tracks=tracks)


def set_way(project: Project, way: LatentWay) -> Project:
    """Set how the latent goes from key to key."""
    track = project.timeline.track_of("latent") or Track("latent")
    return _set_track(project, _checked(lambda: replace(track, way=way)))


def mute_track(project: Project, parameter: str, is_muted: bool) -> Project:
    """Leave a track out for now, or not."""
    track = project.timeline.track_of(parameter)
    return project if track is None else _set_track(project, replace(track, is_muted=is_muted))


def remove_track(project: Project, parameter: str) -> Project:
    """Take a track away with its keys."""
    kept = tuple(track for track in project.timeline.tracks if track.parameter != parameter)
    return _change(project, tracks=kept)


def clear_tracks(project: Project) -> Project:
    """Take all tracks and what re-times them away; markers, length and rate stay."""
    return _change(project, tracks=(), pace=())


def set_marker(project: Project, frame: int, name: str) -> Project:
    """Name a frame; "" takes the name away."""
    others = [marker for marker in project.timeline.markers if marker.frame != frame]
    markers = [*others, Marker(frame, " ".join(name.split()))] if name.strip() else others
    return _change(project, markers=tuple(sorted(markers, key=lambda marker: marker.frame)))


def _retime(project: Project, chosen: set[Place], move: Callable[[int], int]) -> Project:
    tracks = []
    for track in project.timeline.tracks:
        moved = {
            move(key.frame): replace(key, frame=move(key.frame))
            for key in track.keys
            if (track.parameter, key.frame) in chosen
        }
        stayed = [key for key in track.keys if (track.parameter, key.frame) not in chosen and key.frame not in moved]
        tracks.append(_with_keys(track, [*stayed, *moved.values()]))
    return _change(project, tracks=tuple(tracks))


def _with_keys(track: Track, keys: Iterable[Key]) -> Track:
    return _checked(lambda: replace(track, keys=tuple(sorted(keys, key=lambda key: key.frame))))


def _set_track(project: Project, track: Track) -> Project:
    known = project.timeline.tracks
    if any(one.parameter == track.parameter for one in known):
        tracks = tuple(track if one.parameter == track.parameter else one for one in known)
    else:
        tracks = (*known, track)
    return _change(project, tracks=tracks)


def _change(project: Project, **values: Any) -> Project:
    return replace(project, timeline=_checked(lambda: replace(project.timeline, **values)))


def _checked(make: Callable[[], _Made]) -> _Made:
    try:
        return make()
    except AnimationError as error:
        raise EditError(error.subject, error.reason, error.remedy) from error
