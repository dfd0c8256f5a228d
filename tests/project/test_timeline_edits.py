"""Edits of the animation."""

from fractions import Fraction

import pytest

from ganstudio.animation.easing import Easing
from ganstudio.animation.timeline import Key
from ganstudio.project import direction_edits, edits
from ganstudio.project import timeline_edits as animate
from ganstudio.project.adjusting import EditError
from ganstudio.project.state import Project
from ganstudio.rendering.looks.look import Look

START = edits.set_truncation(Project(), 0.5)


def keyed(*frames: int) -> Project:
    project = START
    for frame in frames:
        project = animate.set_key(project, "truncation", Key(frame, frame / 100))
    return project


def frames(project: Project, parameter: str = "truncation") -> list[int]:
    track = project.timeline.track_of(parameter)
    return [] if track is None else [key.frame for key in track.keys]


def test_what_is_seen_is_keyed() -> None:
    project = direction_edits.set_strength(edits.set_seed(START, 7), "smile", 2.0)
    for parameter in ("latent", "truncation", "edit:smile"):
        project = animate.key_now(project, parameter, 12)
    values = {track.parameter: track.keys[0].value for track in project.timeline.tracks}
    assert values == {"latent": Look(7), "truncation": 0.5, "edit:smile": 2.0}
    again = animate.key_now(edits.set_truncation(project, 0.75), "truncation", 12)
    track = again.timeline.track_of("truncation")
    assert track is not None
    assert [key.value for key in track.keys] == [0.75]


def test_keys_are_removed_with_their_track() -> None:
    project = keyed(0, 10, 20)
    assert frames(animate.remove_keys(project, [("truncation", 10)])) == [0, 20]
    gone = animate.remove_keys(project, [("truncation", frame) for frame in (0, 10, 20)])
    assert gone.timeline.tracks == ()


def test_keys_are_shifted_stretched_and_pasted() -> None:
    project = keyed(10, 20, 30)
    some = [("truncation", 20), ("truncation", 30)]
    assert frames(animate.shift_keys(project, some, 5)) == [10, 25, 35]
    assert frames(animate.shift_keys(project, some, -10)) == [10, 20]  # the one that was landed on gave way
    assert frames(animate.shift_keys(project, [("truncation", 10)], -50)) == [0, 20, 30]
    assert frames(animate.stretch_keys(project, some, 2.0)) == [10, 20, 40]
    assert frames(animate.stretch_keys(project, [*some, ("truncation", 10)], 0.5)) == [10, 15, 20]
    copied = [("truncation", key) for key in project.timeline.tracks[0].keys[:2]]
    assert frames(animate.paste_keys(project, copied, 50)) == [10, 20, 30, 50, 60]
    with pytest.raises(EditError, match="above 0"):
        animate.stretch_keys(project, some, 0)


def test_easings_ways_and_mutes() -> None:
    project = animate.set_easing(keyed(0, 10), [("truncation", 0)], Easing("hold"))
    kinds = [key.easing.kind for key in project.timeline.tracks[0].keys]
    assert kinds == ["hold", "cubic"]
    kept = animate.set_key(project, "truncation", Key(0, 0.25))
    assert kept.timeline.tracks[0].keys[0].easing.kind == "hold"
    assert animate.mute_track(project, "truncation", is_muted=True).timeline.tracks[0].is_muted
    spline = animate.set_way(project, "spline").timeline.track_of("latent")
    assert spline is not None
    assert spline.way == "spline"
    assert animate.remove_track(project, "truncation").timeline.tracks == ()


def test_length_rate_loop_sound_and_markers() -> None:
    project = animate.set_sound(
        animate.set_loop(animate.set_fps(animate.set_length(START, 48), Fraction(24)), True), "a.wav"
    )
    timeline = project.timeline
    assert (timeline.length, timeline.seconds, timeline.is_loop, timeline.sound) == (48, 2.0, True, "a.wav")
    project = animate.set_marker(animate.set_marker(project, 20, " the  drop "), 4, "start")
    assert [(marker.frame, marker.name) for marker in project.timeline.markers] == [(4, "start"), (20, "the drop")]
    assert len(animate.set_marker(project, 4, "").timeline.markers) == 1


def test_what_cannot_be_is_refused() -> None:
    for edit in (
        lambda: animate.set_length(START, 0),
        lambda: animate.set_fps(START, Fraction(0)),
        lambda: animate.set_key(START, "magic", Key(0, 1.0)),
        lambda: animate.set_key(START, "truncation", Key(-1, 1.0)),
        lambda: animate.set_key(START, "truncation", Key(0, 9.0)),
        lambda: animate.set_way(START, "detour"),  # type: ignore[arg-type]
        lambda: animate.set_pace(START, [(0, 0), (5, -1)]),
    ):
        with pytest.raises(EditError):
            edit()
