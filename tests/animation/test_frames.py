"""Timelines: keys, easings, the look of any moment, and JSON."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.animation.easing import KINDS, Easing
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at, repaced
from ganstudio.animation.timeline import Key, Marker, Timeline, Track
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix

LINEAR, HOLD = Easing("linear"), Easing("hold")
BASE = Look(5, edits=(Edit("age", 1.0),))


def numbers(*keys: tuple[int, float], easing: Easing = LINEAR) -> Track:
    return Track("truncation", tuple(Key(frame, value, easing) for frame, value in keys))


def latents(*keys: tuple[int, int], way: str = "arc", easing: Easing = LINEAR) -> Track:
    return Track("latent", tuple(Key(frame, Look(seed), easing) for frame, seed in keys), way)  # type: ignore[arg-type]


def at(track: Track, time: float, **values: object) -> Look:
    return frame_at(Timeline(tracks=(track,), **values), BASE, time).look  # type: ignore[arg-type]


def test_numbers_go_from_key_to_key_and_stay_beyond_them() -> None:
    track = numbers((10, 0.0), (20, 1.0))
    assert [at(track, time).truncation for time in (0, 10, 12.5, 20, 90)] == [0.0, 0.0, 0.25, 1.0, 1.0]
    held = numbers((10, 0.0), (20, 1.0), easing=HOLD)
    assert [at(held, time).truncation for time in (10, 19.9, 20)] == [0.0, 0.0, 1.0]
    assert at(numbers((10, 0.5)), 3).truncation == 0.5  # one key only


def test_what_has_no_track_stays_as_it_was() -> None:
    look = at(numbers((0, 0.5)), 3)
    assert (look.seed, look.edits) == (5, BASE.edits)
    muted = Track("truncation", (Key(0, 0.5),), is_muted=True)
    assert at(muted, 3) == BASE


def test_a_loop_goes_on_round_its_end() -> None:
    track = numbers((20, 0.0), (80, 1.0))
    loop = {"length": 100, "is_loop": True}
    values = [at(track, time, **loop).truncation for time in (80, 90, 100, 110, 120, 0, 10)]
    assert values == pytest.approx([1.0, 0.75, 0.5, 0.25, 0.0, 0.5, 0.25])
    assert at(track, -10, **loop).truncation == pytest.approx(at(track, 90, **loop).truncation)


def test_latents_meet_between_two_keys() -> None:
    look = at(latents((0, 1), (10, 2)), 2.5)
    assert look.between is not None
    assert look.between.way == "arc"
    assert look.between.parts == ((Look(1), 0.75), (Look(2), 0.25))
    assert look.edits == BASE.edits
    assert at(latents((0, 1), (10, 2)), 10).latent == Look(2)
    assert at(latents((0, 1), (10, 1)), 5).latent == Look(1)


def test_a_spline_goes_through_its_keys_and_its_shares_are_one_whole() -> None:
    track = latents((0, 1), (10, 2), (20, 3), (30, 4), way="spline")
    assert at(track, 10).latent == Look(2)
    look = at(track, 15)
    assert look.between is not None
    shares = {part.seed: share for part, share in look.between.parts}
    assert shares == pytest.approx({1: -0.0625, 2: 0.5625, 3: 0.5625, 4: -0.0625})
    first = at(track, 5).between
    assert first is not None
    assert sum(share for _, share in first.parts) == pytest.approx(1)
    assert {part.seed for part, _ in first.parts} == {1, 2, 3}
    round_end = frame_at(Timeline(40, tracks=(track,), is_loop=True), BASE, 35).look.between
    assert round_end is not None
    assert {part.seed for part, _ in round_end.parts} == {3, 4, 1, 2}


def test_classes_are_gone_between_as_well() -> None:
    keys = (Key(0, Look(1, label=0), LINEAR), Key(10, Look(2, label=3), LINEAR))
    look = at(Track("latent", keys), 4)
    assert (look.label, look.second_label, look.label_blend) == (0, 3, pytest.approx(0.4))


def test_strengths_mix_noise_and_zoom_are_keyed() -> None:
    base = Look(1, mix=Mix(Look(2), (0.5, 1.0, 0.0)))
    tracks = tuple(
        Track(name, (Key(0, low, LINEAR), Key(10, high, LINEAR)))
        for name, low, high in (
            ("edit:age", 0.0, 4.0),
            ("mix", 0.0, 1.0),
            ("noise_strength", 0.0, 2.0),
            ("noise_seed", 3, 9),
            ("zoom", 1.0, 3.0),
            ("centre_x", 0.5, 0.0),
        )
    )
    frame = frame_at(Timeline(tracks=tracks), base, 5)
    assert frame.look.strength_of("age") == 2.0
    assert frame.look.mix == Mix(Look(2), (0.25, 0.5, 0.0))
    assert (frame.look.noise.strength, frame.look.noise.seed) == (1.0, 3)
    assert (frame.zoom, frame.centre) == (2.0, (0.25, 0.5))


@pytest.mark.parametrize("kind", KINDS)
def test_easings_begin_at_nothing_and_end_at_all(kind: str) -> None:
    easing = Easing(kind)
    assert easing.at(0) == pytest.approx(0, abs=1e-9)
    assert easing.at(1) == pytest.approx(1, abs=1e-9)
    assert easing.at(-1) == easing.at(0)
    assert easing.at(2) == easing.at(1)


def test_curves_are_those_of_their_definitions() -> None:
    assert Easing("cubic").at(0.25) == pytest.approx(3 * 0.25**2 - 2 * 0.25**3)
    assert max(Easing("spring").at(step / 100) for step in range(101)) > 1.1
    straight = Easing("curve", (1 / 3, 1 / 3, 2 / 3, 2 / 3))
    assert straight.at(0.3) == pytest.approx(0.3)
    eased = Easing("curve", (0.25, 0.1, 0.25, 1.0))  # what style sheets call "ease"; its value at half time is known
    assert eased.at(0.5) == pytest.approx(0.8024, abs=1e-4)


def test_a_pace_re_times_the_latent_only() -> None:
    timeline = Timeline(
        20, tracks=(latents((0, 1), (20, 2)), numbers((0, 0.0), (20, 1.0))), pace=((0, 0), (10, 5), (20, 20))
    )
    assert [repaced(timeline, time) for time in (0, 5, 10, 15, 20, 25)] == [0, 2.5, 5, 12.5, 20, 20]
    look = frame_at(timeline, BASE, 10).look
    assert look.between is not None
    assert look.between.parts[1][1] == pytest.approx(0.25)
    assert look.truncation == 0.5


WHOLE = Timeline(
    90,
    Fraction(30000, 1001),
    (
        Track(
            "latent",
            (Key(0, Look(3, drift=(0.5, 1.0))), Key(40, Look(9), Easing("curve", (0.1, 0.2, 0.3, 1.4)))),
            "spline",
        ),
        Track("edit:smile~ab", (Key(0, -1.5, HOLD), Key(3, 2)), is_muted=True),
    ),
    True,
    (Marker(0, "start"), Marker(50, "drop")),
    ((0.0, 0.0), (45.0, 20.0), (90.0, 90.0)),
    "/music/ä.wav",
)


def test_a_timeline_survives_json() -> None:
    assert Timeline.from_json(json.loads(json.dumps(WHOLE.to_json()))) == WHOLE
    assert Timeline.from_json({}) == Timeline()


@pytest.mark.parametrize(
    "spoil",
    [
        {"length": 0},
        {"length": 1.5},
        {"length": 10**9},
        {"fps": [0, 1]},
        {"fps": [30, 0]},
        {"fps": "30"},
        {"fps": [1000, 1]},
        {"tracks": 5},
        {"tracks": [5]},
        {"tracks": [{"parameter": "magic"}]},
        {"tracks": [{"parameter": "truncation"}] * 2},
        {"tracks": [{"parameter": "truncation", "keys": [{"frame": 5, "value": 9}]}]},
        {"tracks": [{"parameter": "truncation", "keys": [{"frame": 5, "value": 1}, {"frame": 5, "value": 1}]}]},
        {"tracks": [{"parameter": "truncation", "keys": [{"frame": 5, "value": 1}, {"frame": 4, "value": 1}]}]},
        {"tracks": [{"parameter": "truncation", "keys": [{"frame": -1, "value": 1}]}]},
        {"tracks": [{"parameter": "truncation", "keys": [{"frame": 0, "value": float("nan")}]}]},
        {"tracks": [{"parameter": "truncation", "keys": [{"frame": 0, "value": 1, "easing": {"kind": "leap"}}]}]},
        {
            "tracks": [
                {
                    "parameter": "truncation",
                    "keys": [{"frame": 0, "value": 1, "easing": {"kind": "curve", "handles": [2, 0, 1, 1]}}],
                }
            ]
        },
        {"tracks": [{"parameter": "latent", "keys": [{"frame": 0, "value": 3}]}]},
        {"tracks": [{"parameter": "latent", "keys": [{"frame": 0, "value": {"seed": -3}}]}]},
        {"tracks": [{"parameter": "latent", "way": "detour"}]},
        {"markers": [[3, 4]]},
        {"markers": [[3, "a"], [3, "b"]]},
        {"pace": [[0, 0], [5, -1]]},
        {"pace": [["a", 0]]},
        {"more": 1},
        5,
    ],
)
def test_what_is_no_timeline_is_refused(spoil: object) -> None:
    with pytest.raises((AnimationError, LookError)):
        Timeline.from_json({**WHOLE.to_json(), **spoil} if isinstance(spoil, dict) else spoil)


@given(
    frames=st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True),
    way=st.sampled_from(["arc", "straight", "w", "spline"]),
    kind=st.sampled_from(KINDS),
    is_loop=st.booleans(),
    time=st.floats(-100, 200),
)
def test_every_moment_has_a_look(frames: list[int], way: str, kind: str, is_loop: bool, time: float) -> None:
    keys = sorted(frames)
    track = latents(*((frame, seed) for seed, frame in enumerate(keys)), way=way, easing=Easing(kind))
    timeline = Timeline(61, tracks=(track, numbers(*((frame, frame / 60) for frame in keys))), is_loop=is_loop)
    look = frame_at(timeline, BASE, time).look
    assert 0 <= look.truncation <= 1
    if is_loop:
        assert frame_at(timeline, BASE, time % 61).look.truncation == pytest.approx(look.truncation, abs=1e-6)
