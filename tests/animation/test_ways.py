"""Looks between others, walks, loops and tours."""

import math
from itertools import pairwise

import pytest

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.animation.ways import (
    LOOPS,
    LoopKind,
    WalkPlan,
    grid_between,
    lay_keys,
    lay_tour,
    look_between,
    look_by_layers,
    loop_looks,
    walk_frame,
    walk_looks,
)
from ganstudio.rendering.looks.between import WAYS, Way
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look

A = Look(seed=1, truncation=1.0, edits=(Edit("smile", -1.0),))
B = Look(seed=2, truncation=0.5, edits=(Edit("age", 2.0),))


def shares_of(look: Look) -> dict[Look, float]:
    return {look.latent: 1.0} if look.between is None else dict(look.between.parts)


@pytest.mark.parametrize("way", WAYS)
def test_a_look_between_two_takes_part_of_both(way: Way) -> None:
    assert look_between(A, B, 0.0, way) == A
    assert look_between(A, B, 1.0, way) == B
    middle = look_between(A, B, 0.25, way)
    assert middle.between is not None
    assert middle.between.way == way
    assert shares_of(middle) == {A.latent: 0.75, B.latent: 0.25}
    assert middle.truncation == 0.875
    assert middle.strength_of("smile") == -0.75
    assert middle.strength_of("age") == 0.5


def test_between_what_is_between_stays_flat() -> None:
    inner = look_between(look_between(A, B, 0.5), Look(seed=3), 0.5)
    assert inner.between is not None
    assert inner.between.depth == 1
    assert {look.seed: share for look, share in inner.between.parts} == {1: 0.25, 2: 0.25, 3: 0.5}


def test_layers_are_taken_over_one_after_the_other() -> None:
    strengths = [look_by_layers(A, B, share, 4).mix for share in (0.0, 0.25, 0.375, 1.0)]
    assert [None if mix is None else mix.strengths for mix in strengths] == [
        None,
        (1.0, 0.0, 0.0, 0.0),
        (1.0, 0.5, 0.0, 0.0),
        (1.0, 1.0, 1.0, 1.0),
    ]


def test_a_grid_has_its_corners_and_their_mean() -> None:
    corners = [Look(seed=seed, truncation=seed / 10) for seed in (1, 2, 3, 4)]
    grid = grid_between(corners, 3)
    assert [grid[place].seed for place in (0, 2, 6, 8)] == [1, 2, 3, 4]
    assert all(share == pytest.approx(0.25) for share in shares_of(grid[4]).values())
    assert grid[4].truncation == pytest.approx(0.25)
    assert {look.seed: share for look, share in shares_of(grid[1]).items()} == {1: 0.5, 2: 0.5}


def test_a_walk_is_the_same_again_and_stays_near() -> None:
    start = Look(seed=9, label=2)
    plan = WalkPlan(seed=5, frames=10, smoothness=0.5, radius=0.3)
    looks = walk_looks(start, plan, 20)
    assert looks[0] == start.latent
    assert looks == walk_looks(start, plan, 20)
    assert looks != walk_looks(start, WalkPlan(6, 10, 0.5, 0.3), 20)
    for look in looks[1:]:
        shares = shares_of(look)
        assert shares[start.latent] == pytest.approx(0.7, abs=0.01)
        assert sum(shares.values()) == pytest.approx(1)
        assert {part.label for part in shares} == {look.label} == {2}
        assert look.seed == 9  # so that a class that the seed chooses stays, too
    walks = [walk_looks(start, WalkPlan(5, 10, smoothness, 1.0), 20)[2:] for smoothness in (0.0, 0.9)]
    rough, smooth = ([_overlap(*pair) for pair in pairwise(walk)] for walk in walks)
    assert max(rough) == 0
    assert min(smooth) > 0.7


def _overlap(first: Look, second: Look) -> float:
    one, other = shares_of(first), shares_of(second)
    return sum(min(share, other.get(look, 0.0)) for look, share in one.items())


@pytest.mark.parametrize("kind", LOOPS)
def test_a_loop_closes_as_evenly_as_it_goes(kind: LoopKind) -> None:
    """Its last step is no larger than the others, measured on the shares of the latents, of which the path is made."""
    plan = WalkPlan(seed=3, radius=0.5)
    rows = [shares_of(look) for look in loop_looks(Look(seed=1), plan, 40, kind)]
    names = sorted({look for row in rows for look in row}, key=lambda look: look.seed)
    points = [[row.get(name, 0.0) for name in names] for row in rows]
    steps = [math.dist(*pair) for pair in pairwise([*points, points[0]])]
    assert steps[-1] <= max(steps[:-1]) * 1.0001
    assert all(sum(point) == pytest.approx(1) for point in points)
    if kind == "circle":
        assert steps == pytest.approx([steps[0]] * 40, rel=1e-6)


def test_an_endless_walk_has_no_jumps() -> None:
    start, plan = Look(seed=1, truncation=0.7), WalkPlan(seed=2, frames=8, smoothness=0.3, radius=0.8)
    assert walk_frame(start, plan, 0).look.truncation == 0.7
    assert walk_frame(start, plan, 0).look.latent == start.latent
    assert walk_frame(start, plan, 16).look.latent == walk_looks(start, plan, 3)[2]
    assert walk_frame(start, plan, 17).look.seed == 1
    assert walk_frame(start, plan, 10_003).look.between is not None
    assert walk_frame(start, plan, 3, Look(truncation=0.2)).look.truncation == 0.2


def test_keys_are_laid_and_other_tracks_stay() -> None:
    zoom = Track("zoom", (Key(0, 1.0),))
    timeline = Timeline(10, tracks=(zoom, Track("latent", (Key(0, Look(seed=8)),))), pace=((0.0, 0.0), (9.0, 9.0)))
    laid = lay_keys(timeline, [A, B, Look(seed=3)], 30, is_loop=False, way="spline")
    track = laid.track_of("latent")
    assert track is not None
    assert [key.frame for key in track.keys] == [0, 30, 60]
    assert (laid.length, laid.is_loop, laid.pace, track.way) == (61, False, (), "spline")
    assert laid.track_of("zoom") == zoom
    loop = lay_keys(timeline, [A, B, Look(seed=3)], 30, is_loop=True, way="arc")
    assert loop.length == 90
    assert frame_at(loop, Look(), 90).look == frame_at(loop, Look(), 0).look


def test_a_tour_keys_all_in_which_favourites_differ() -> None:
    tour = lay_tour(Timeline(), [A, B], 20, is_loop=True, way="arc")
    assert {track.parameter for track in tour.tracks} == {"latent", "truncation", "edit:smile", "edit:age"}
    there = frame_at(tour, Look(), 20).look
    assert (there.seed, there.truncation, there.strength_of("age"), there.strength_of("smile")) == (2, 0.5, 2.0, 0.0)


def test_walks_that_go_nowhere_are_refused() -> None:
    for values in ({"radius": 0.0}, {"smoothness": 2.0}, {"frames": 0}):
        with pytest.raises(AnimationError):
            WalkPlan(**values)  # type: ignore[arg-type]
