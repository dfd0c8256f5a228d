"""The frame of any moment of a timeline."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ganstudio.animation.parameters import Frame, parameter_of
from ganstudio.animation.sound.drive import driven
from ganstudio.animation.sound.features import SoundFeatures
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.rendering.looks.between import Between, Way
from ganstudio.rendering.looks.look import Look


def frame_at(timeline: Timeline, base: Look, time: float, sound: SoundFeatures | None = None) -> Frame:
    """What a moment shows.

    Args:
        timeline: The animation.
        base: What has no track stays as it is here.
        time: In frames, whole or in between; in a loop, times beyond the end are those from the beginning again.
        sound: The timeline's sound, measured at its rate; None leaves out what it drives.
    """
    if timeline.is_loop:
        time = math.fmod(time, timeline.length)
        time = time + timeline.length if time < 0 else time
    frame = Frame(base)
    for track in timeline.tracks:
        if track.keys and not track.is_muted:
            parameter = parameter_of(track.parameter)
            at = repaced(timeline, time) if parameter.limits is None else time
            frame = parameter.write(frame, value_at(timeline, track, at))
    return frame if sound is None else driven(frame, timeline.drives, sound, time, float(timeline.fps))


def repaced(timeline: Timeline, time: float) -> float:
    """The frame of the keys that the latent has at a frame: the same, unless a pace re-times it."""
    knots = timeline.pace
    if not knots:
        return time
    place = bisect_right(knots, (time, math.inf))
    if place in (0, len(knots)):
        return knots[min(place, len(knots) - 1)][1]
    (start, first), (end, last) = knots[place - 1], knots[place]
    return first + (last - first) * (time - start) / (end - start)


def key_span(timeline: Timeline, track: Track, time: float) -> tuple[Key, Key, float]:
    """The keys before and after a time, and how far it is between them, 0 to 1; the same key twice beyond the ends.

    In a loop the keys go on round the end: before the first comes the last, a whole length earlier.
    """
    keys = track.keys
    place = bisect_right([key.frame for key in keys], time)
    if 0 < place < len(keys):
        before, after = keys[place - 1], keys[place]
        return before, after, (time - before.frame) / (after.frame - before.frame)
    if not timeline.is_loop or len(keys) < 2:
        only = keys[0] if place == 0 else keys[-1]
        return only, only, 0.0
    before, after = keys[-1], keys[0]
    start = before.frame - (timeline.length if place == 0 else 0)
    end = after.frame + (0 if place == 0 else timeline.length)
    return before, after, (time - start) / (end - start) if end > start else 0.0


def value_at(timeline: Timeline, track: Track, time: float) -> Any:
    """The value of one track, which has keys, at a time of its keys."""
    before, after, share = key_span(timeline, track, time)
    parameter = parameter_of(track.parameter)
    if before is after or before.easing.kind == "hold" or parameter.steps:
        return after.value if share >= 1 else before.value
    eased = before.easing.at(share)
    if parameter.limits is not None:
        low, high = parameter.limits
        return min(max(before.value + eased * (after.value - before.value), low), high)
    return _latent_between(timeline, track, (before, after), eased)


def _latent_between(timeline: Timeline, track: Track, span: tuple[Key, Key], share: float) -> Look:
    before, after = span
    if share == 0 or before.value == after.value:
        return before.value  # type: ignore[no-any-return] # a latent's key holds a look
    if share == 1:
        return after.value  # type: ignore[no-any-return]
    if track.way != "spline":
        return _meet([(before.value, 1 - share), (after.value, share)], track.way)
    return _meet(_spline_parts(timeline, track, span, share), "w")


def _spline_parts(timeline: Timeline, track: Track, span: tuple[Key, Key], share: float) -> list[tuple[Look, float]]:
    """The four keys round a moment with their shares in a Catmull-Rom spline, which goes through all keys.

    Source: Catmull and Rom 1974, tension 1/2. At an end that is no loop the last key stands twice.
    """
    keys = track.keys
    start, end = keys.index(span[0]), keys.index(span[1])
    is_round = timeline.is_loop
    first = keys[start - 1] if start > 0 or is_round else keys[start]
    last = keys[(end + 1) % len(keys)] if end + 1 < len(keys) or is_round else keys[end]
    square, cube = share**2, share**3
    shares = (
        (-cube + 2 * square - share) / 2,
        (3 * cube - 5 * square + 2) / 2,
        (-3 * cube + 4 * square + share) / 2,
        (cube - square) / 2,
    )
    return list(zip((first.value, *[key.value for key in span], last.value), shares, strict=True))


def _meet(parts: Sequence[tuple[Look, float]], way: Way) -> Look:
    """The latent between several, of the class that the nearest one has."""
    joined: dict[Look, float] = {}
    for look, share in parts:
        joined[look] = joined.get(look, 0.0) + share
    nearest = max(joined.items(), key=lambda part: part[1])[0]
    if len(joined) == 1:
        return nearest
    if nearest.between is not None and nearest.between.depth > 1:
        return nearest
    plain = replace(nearest.latent.from_seed, blend_seed=None, blend=0.0)
    return replace(_in_class(plain, tuple(joined.items())), between=Between(tuple(joined.items()), way))


def _in_class(look: Look, parts: tuple[tuple[Look, float], ...]) -> Look:
    """Between two pictures of chosen classes: between the classes as well."""
    if len(parts) != 2 or any(part.label is None or part.second_label is not None for part, _ in parts):
        return look
    (first, _), (second, share) = parts
    if first.label == second.label:
        return look
    return replace(look, label=first.label, second_label=second.label, label_blend=min(max(share, 0.0), 1.0))
