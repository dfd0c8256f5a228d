"""Ways through latent space: looks between two and four, random walks, seamless loops, tours; laid out as keys.

All functions are pure: the same arguments give the same looks.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ganstudio.animation.easing import Easing
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at
from ganstudio.animation.parameters import EDIT_PREFIX, Frame, parameter_of
from ganstudio.animation.timeline import Key, LatentWay, Timeline, Track
from ganstudio.rendering.looks.between import MOST_PARTS, Between, Way
from ganstudio.rendering.looks.checking import SEED_RANGE, LookError
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix

LoopKind = Literal["circle", "noise"]
LOOPS: tuple[LoopKind, ...] = ("circle", "noise")
_NUMBERS = ("truncation", "noise_strength", "mix")
_MEMORY = 6  # pictures that a smooth walk remembers
_WAVES = 5  # seeds that a closed noise path goes towards and away from
_WIDEST = math.radians(70)  # from the picture to the circle round it
_LINEAR = Easing("linear")


@dataclass(frozen=True)
class WalkPlan:
    """A random walk.

    Attributes:
        seed: Which walk.
        frames: From picture to picture.
        smoothness: 0: each picture by itself, towards 1: each takes over most of the one before.
        radius: How far from the first picture, 0 to 1: at 1 it goes anywhere.
    """

    seed: int = 0
    frames: int = 60
    smoothness: float = 0.5
    radius: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.smoothness <= 1 and 0 < self.radius <= 1 and self.frames >= 1):
            raise AnimationError("walk", "a value is out of range", "give a smoothness of 0 to 1 and a radius above 0")


def look_between(first: Look, second: Look, share: float, way: Way = "arc") -> Look:
    """The look at `share` (0 to 1) of the way from one to another; numbers go straight.

    Raises:
        AnimationError: One of them is between others that are between others themselves.
    """
    if share <= 0 or first == second:
        return first
    if share >= 1:
        return second
    latent = _meet([(first.latent, 1 - share), (second.latent, share)], way)
    frame = parameter_of("latent").write(Frame(first if share < 0.5 else second), latent)
    for name in (*_NUMBERS, *_directions_of((first, second))):
        parameter = parameter_of(name)
        before, after = (float(parameter.read(Frame(look))) for look in (first, second))
        if before != after:
            frame = parameter.write(frame, before + share * (after - before))
    return frame.look


def look_by_layers(first: Look, second: Look, share: float, layers: int) -> Look:
    """Take over one layer after the other of a second look, the coarse ones first, as `share` goes from 0 to 1."""
    strengths = tuple(min(max(share * layers - layer, 0.0), 1.0) for layer in range(layers))
    return replace(first, mix=Mix(replace(second, mix=None), strengths) if any(strengths) else None)


def grid_between(corners: Sequence[Look], side: int, way: Way = "arc") -> tuple[Look, ...]:
    """A square of looks between four, row by row: the corners are upper left and right, lower left and right."""
    shares = [place / max(side - 1, 1) for place in range(side)]
    return tuple(_between_four(corners, across, down, way) for down in shares for across in shares)


def walk_looks(start: Look, plan: WalkPlan, count: int) -> tuple[Look, ...]:
    """The pictures of a walk; the first is `start` itself."""
    return tuple(walk_look(start, plan, place) for place in range(count))


@lru_cache(maxsize=512)
def walk_look(start: Look, plan: WalkPlan, place: int) -> Look:
    """Picture number `place` of a walk, 0 the start itself.

    With some smoothness it is a weighted sum of the last few random latents, so that it takes over part of the one
    before it (a moving average).
    """
    if place <= 0:
        return start.latent
    weights = [plan.smoothness**age for age in range(_MEMORY)]
    weights = [weight / sum(weights) for weight in weights]
    parts = [(_seed_look(start, _seed_of(plan.seed, place - age)), weight) for age, weight in enumerate(weights)]
    reached = [(look, plan.radius * weight) for look, weight in parts if weight > 1e-3]
    rest = 1 - sum(share for _, share in reached)
    return _round(start, [(start.latent, rest), *reached])


def walk_frame(start: Look, plan: WalkPlan, number: int, base: Look | None = None) -> Frame:
    """Frame `number` of a walk that never ends; all but the latent is as in `base`, or in the start."""
    place, along = divmod(number, plan.frames)
    keys = tuple(
        Key(step * plan.frames, walk_look(start, plan, place + step - 1), _LINEAR)
        for step in range(0 if place else 1, 4)
    )
    timeline = Timeline(4 * plan.frames, tracks=(Track("latent", keys, "spline"),))
    return frame_at(timeline, start if base is None else base, plan.frames + along)


def loop_looks(start: Look, plan: WalkPlan, count: int, kind: LoopKind = "circle") -> tuple[Look, ...]:
    """Pictures round a look that lead back to the first: on a circle, or on a path of closed noise.

    The circle is c + r cos(a) (u - u') + r sin(a) (v - v') of four random latents, which in many dimensions stand at
    right angles to each other and to c; the noise goes towards and away from several by a few sines of whole periods.
    """
    turns = [2 * math.pi * place / count for place in range(count)]
    if kind == "circle":
        seeds = [_seed_of(plan.seed, number) for number in (1, 2, 3, 4)]
        reach = math.tan(plan.radius * _WIDEST) / math.sqrt(2)
        sides = [(reach * math.cos(turn), reach * math.sin(turn)) for turn in turns]
        shares = [[across, -across, down, -down] for across, down in sides]
    else:
        seeds = [_seed_of(plan.seed, number) for number in range(1, _WAVES + 1)]
        shares = [list(row) for row in zip(*(_wave(plan, number, turns) for number in range(_WAVES)), strict=True)]
    looks = [_seed_look(start, seed) for seed in seeds]
    return tuple(_round(start, [(start.latent, 1 - sum(row)), *zip(looks, row, strict=True)]) for row in shares)


def lay_keys(timeline: Timeline, looks: Sequence[Look], frames: int, *, is_loop: bool, way: LatentWay) -> Timeline:
    """A timeline with these looks as keys of the latent, `frames` apart; its length and loop are made to fit.

    Tracks of other parameters stay. What re-timed the latent goes, for it was measured on other keys.
    """
    keys = tuple(Key(place * frames, look.latent, _LINEAR) for place, look in enumerate(looks))
    others = tuple(track for track in timeline.tracks if track.parameter != "latent")
    length = frames * len(looks) if is_loop else frames * (len(looks) - 1) + 1
    tracks = (Track("latent", keys, way), *others)
    return replace(timeline, length=max(length, 1), tracks=tracks, is_loop=is_loop, pace=())


def lay_tour(timeline: Timeline, looks: Sequence[Look], frames: int, *, is_loop: bool, way: LatentWay) -> Timeline:
    """The same, and keys as well for the numbers and directions in which the looks differ."""
    laid = lay_keys(timeline, looks, frames, is_loop=is_loop, way=way)
    names = [name for name in (*_NUMBERS[:2], *_directions_of(looks)) if _differs(name, looks)]
    kept = [track for track in laid.tracks if track.parameter not in names]
    made = [Track(name, _number_keys(name, looks, frames)) for name in names]
    return replace(laid, tracks=(*kept, *made))


def _between_four(corners: Sequence[Look], across: float, down: float, way: Way) -> Look:
    weights = ((1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down)
    parts = [(look.latent, weight) for look, weight in zip(corners, weights, strict=True) if weight > 1e-9]
    nearest = corners[max(range(4), key=lambda place: weights[place])]
    frame = parameter_of("latent").write(Frame(nearest), _meet(parts, way))
    for name in ("truncation", *_directions_of(corners)):
        parameter = parameter_of(name)
        values = [float(parameter.read(Frame(look))) for look in corners]
        if len(set(values)) > 1:
            frame = parameter.write(frame, sum(value * share for value, share in zip(values, weights, strict=True)))
    return frame.look


def _round(start: Look, parts: Sequence[tuple[Look, float]]) -> Look:
    """A latent round a look, of its class."""
    joined = _taken_apart(parts, "arc")
    plain = replace(start.latent.from_seed, blend_seed=None, blend=0.0)
    return _with_between(plain, joined, "arc")


def _meet(parts: Sequence[tuple[Look, float]], way: Way) -> Look:
    """A latent between several, of the class of the nearest."""
    joined = _taken_apart(parts, way)
    nearest = max(joined.items(), key=lambda part: part[1])[0]
    if len(joined) == 1:
        return nearest
    plain = replace(nearest.from_seed, blend_seed=None, blend=0.0)
    return _with_between(plain, joined, way)


def _taken_apart(parts: Sequence[tuple[Look, float]], way: Way) -> dict[Look, float]:
    """Latents and their shares; those between others on such a way are taken apart, so that all stays flat."""
    joined: dict[Look, float] = {}
    for look, share in parts:
        inner = look.between
        pieces = [(look, 1.0)] if inner is None or inner.way != way else list(inner.parts)
        for piece, weight in pieces:
            joined[piece.latent] = joined.get(piece.latent, 0.0) + share * weight
    return {look: share for look, share in joined.items() if abs(share) > 1e-9}


def _with_between(plain: Look, joined: dict[Look, float], way: Way) -> Look:
    largest = dict(sorted(joined.items(), key=lambda part: -abs(part[1]))[:MOST_PARTS])
    total = sum(largest.values())
    shares = tuple((look, share / total) for look, share in largest.items())
    try:
        return replace(plain, between=Between(shares, way))
    except LookError as error:
        raise AnimationError(error.subject, error.reason, error.remedy) from error


def _wave(plan: WalkPlan, number: int, turns: Sequence[float]) -> list[float]:
    """The share of one latent of a closed noise path, at each turn: two sines of whole periods."""
    source = random.Random(f"{plan.seed} {number}")  # noqa: S311 - a path, no secret
    phases = [source.uniform(0, 2 * math.pi) for _ in range(2)]
    second = 2 if plan.smoothness > 0.5 else 3
    strength, scale = 0.7 * (1 - plan.smoothness), plan.radius / math.sqrt(_WAVES / 2)
    return [scale * (math.sin(turn + phases[0]) + strength * math.sin(second * turn + phases[1])) for turn in turns]


def _seed_look(start: Look, seed: int) -> Look:
    """A random picture of the class that the walk begins in."""
    return Look(seed=seed, label=start.label)


def _seed_of(walk: int, place: int) -> int:
    """A seed of its own for each picture of each walk; those before the start have one, too."""
    return random.Random(f"walk {walk} {place}").randrange(SEED_RANGE[1])  # noqa: S311 - a path, no secret


def _directions_of(looks: Sequence[Look]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(EDIT_PREFIX + edit.direction for look in looks for edit in look.edits))


def _number_keys(name: str, looks: Sequence[Look], frames: int) -> tuple[Key, ...]:
    read = parameter_of(name).read
    return tuple(Key(place * frames, read(Frame(look))) for place, look in enumerate(looks))


def _differs(name: str, looks: Sequence[Look]) -> bool:
    parameter = parameter_of(name)
    return len({parameter.read(Frame(look)) for look in looks}) > 1
