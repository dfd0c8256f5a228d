"""The timeline: tracks of keys for what a picture depends on, and all that belongs to them, as one frozen value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, Self, get_args

from ganstudio.animation.easing import Easing
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.parameters import check_value, parameter_of
from ganstudio.animation.sound.drive import Drive
from ganstudio.rendering.looks.look import Look

MOST_FRAMES = 1_000_000
MOST_KEYS = 10_000
MOST_TRACKS = 300
FPS_RANGE = (1, 240)
_LONGEST_NAME = 100

LatentWay = Literal["arc", "straight", "w", "spline"]
LATENT_WAYS: tuple[LatentWay, ...] = get_args(LatentWay)


@dataclass(frozen=True)
class Key:
    """A value at a frame.

    Attributes:
        frame: From 0.
        value: A number, or for the latent a `Look` of which only the latent counts.
        easing: How the value goes on from here to the next key.
    """

    frame: int
    value: Any
    easing: Easing = field(default_factory=Easing)


@dataclass(frozen=True)
class Track:
    """The keys of one parameter.

    Attributes:
        parameter: Its name in `parameters`.
        keys: In the order of their frames, one a frame.
        way: For the latent: how it goes from key to key, see `Between`; "spline" is a smooth curve through all of them
            in w.
        is_muted: Whether it is left out for now.
    """

    parameter: str
    keys: tuple[Key, ...] = ()
    way: LatentWay = "arc"
    is_muted: bool = False

    def __post_init__(self) -> None:
        parameter = parameter_of(self.parameter)
        if self.way not in LATENT_WAYS:
            raise AnimationError(parameter.title, f"{self.way!r} is no way", f"choose {', '.join(LATENT_WAYS)}")
        if len(self.keys) > MOST_KEYS:
            raise AnimationError(parameter.title, f"{len(self.keys):,} keys are too many", f"keep to {MOST_KEYS:,}")
        before = -1
        for key in self.keys:
            if isinstance(key.frame, bool) or not isinstance(key.frame, int) or not 0 <= key.frame <= MOST_FRAMES:
                raise AnimationError(parameter.title, f"{key.frame!r} is no frame", f"give 0 to {MOST_FRAMES:,}")
            if key.frame <= before:
                reason = f"two keys are on frame {key.frame}, or they are out of order"
                raise AnimationError(parameter.title, reason, "leave one key a frame")
            check_value(parameter, key.value)
            before = key.frame


@dataclass(frozen=True)
class Marker:
    """A name for a frame."""

    frame: int
    name: str


@dataclass(frozen=True)
class Timeline:
    """An animation of one model.

    Attributes:
        length: Frames, at least 1.
        fps: Frames a second.
        tracks: One for each parameter that moves.
        is_loop: Whether the last frame leads back to the first: keys go on round the end.
        markers: Named frames, ascending.
        pace: What re-times the latent: (frame, frame of the keys), from the first frame to the end, both ascending;
            () where the keys' own timing holds. See `pace`.
        sound: Path of an audio file that is played and exported with it, or "".
        drives: What of the sound moves which parameter.
    """

    length: int = 120
    fps: Fraction = Fraction(30)
    tracks: tuple[Track, ...] = ()
    is_loop: bool = False
    markers: tuple[Marker, ...] = ()
    pace: tuple[tuple[float, float], ...] = ()
    sound: str = ""
    drives: tuple[Drive, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.length, bool) or not isinstance(self.length, int) or not 1 <= self.length <= MOST_FRAMES:
            raise AnimationError("length", f"{self.length!r} frames", f"give 1 to {MOST_FRAMES:,}")
        if not isinstance(self.fps, Fraction) or not FPS_RANGE[0] <= self.fps <= FPS_RANGE[1]:
            raise AnimationError("rate", f"{self.fps} frames a second", f"give {FPS_RANGE[0]} to {FPS_RANGE[1]}")
        names = [track.parameter for track in self.tracks]
        if len(set(names)) < len(names) or len(names) > MOST_TRACKS:
            raise AnimationError("tracks", "one parameter has two, or they are too many", "leave one for each")
        if [marker.frame for marker in self.markers] != sorted({marker.frame for marker in self.markers}):
            raise AnimationError("markers", "they are out of order, or two are on a frame", "leave one a frame")
        if len(self.drives) > MOST_TRACKS:
            raise AnimationError("sound", f"it drives {len(self.drives)} parameters", f"keep to {MOST_TRACKS}")
        _check_pace(self.pace)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(self.length / self.fps)

    @property
    def is_still(self) -> bool:
        """Whether nothing in it moves: no track has keys, and no sound drives anything."""
        is_driven = bool(self.sound) and any(not drive.is_muted for drive in self.drives)
        return not is_driven and not any(track.keys and not track.is_muted for track in self.tracks)

    def track_of(self, parameter: str) -> Track | None:
        """The track of a parameter, if it has one."""
        return next((track for track in self.tracks if track.parameter == parameter), None)

    def to_json(self) -> dict[str, Any]:
        """The timeline as plain values for JSON; inverse of `from_json`."""
        return {
            "length": self.length,
            "fps": [self.fps.numerator, self.fps.denominator],
            "tracks": [_track_to_json(track) for track in self.tracks],
            "is_loop": self.is_loop,
            "markers": [[marker.frame, marker.name] for marker in self.markers],
            "pace": [list(knot) for knot in self.pace],
            "sound": self.sound,
            "drives": [drive.to_json() for drive in self.drives],
        }

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a timeline of what JSON holds.

        Raises:
            AnimationError: A wrong type or a value that no timeline can have.
            LookError: A latent of a key that is none.
        """
        known = _object("timeline", values)
        if unknown := [str(name) for name in known if name not in cls.__dataclass_fields__]:
            raise AnimationError("timeline", f"unknown values {', '.join(unknown)[:80]}", "use a newer version")
        return cls(
            length=known.get("length", 120),
            fps=_fps_of_json(known.get("fps", [30, 1])),
            tracks=tuple(_track_of_json(track) for track in _list("tracks", known.get("tracks", []))),
            is_loop=known.get("is_loop") is True,
            markers=tuple(_marker_of_json(marker) for marker in _list("markers", known.get("markers", []))),
            pace=tuple(_pair("pace", knot) for knot in _list("pace", known.get("pace", []))),
            sound=str(known.get("sound", "")),
            drives=tuple(Drive.from_json(drive) for drive in _list("drives", known.get("drives", []))),
        )


def _check_pace(pace: tuple[tuple[float, float], ...]) -> None:
    for before, after in pairwise(pace):
        if not (after[0] > before[0] and after[1] >= before[1]):
            raise AnimationError("pace", "it goes backwards", "measure it again")
    if pace and not all(math.isfinite(value) for knot in pace for value in knot):
        raise AnimationError("pace", "a value is not finite", "measure it again")


def _track_to_json(track: Track) -> dict[str, Any]:
    keys = [
        {
            "frame": key.frame,
            "value": key.value.to_json() if isinstance(key.value, Look) else key.value,
            "easing": key.easing.to_json(),
        }
        for key in track.keys
    ]
    return {"parameter": track.parameter, "way": track.way, "is_muted": track.is_muted, "keys": keys}


def _track_of_json(values: object) -> Track:
    known = _object("track", values)
    keys = []
    for item in _list("keys", known.get("keys", [])):
        key = _object("key", item)
        value = key.get("value")
        value = Look.from_json(value) if isinstance(value, Mapping) else value
        keys.append(Key(key.get("frame", -1), value, Easing.from_json(key.get("easing", {}))))
    return Track(str(known.get("parameter")), tuple(keys), known.get("way", "arc"), known.get("is_muted") is True)


def _marker_of_json(values: object) -> Marker:
    frame, name = _list("marker", values)[:2] if isinstance(values, list) and len(values) == 2 else (None, None)
    if isinstance(frame, bool) or not isinstance(frame, int) or not isinstance(name, str) or len(name) > _LONGEST_NAME:
        raise AnimationError("marker", "it is no frame and name", "give the file as it was saved")
    return Marker(frame, name)


def _fps_of_json(values: object) -> Fraction:
    numbers: list[Any] = values if isinstance(values, list) else [values, 1]
    is_whole = len(numbers) == 2 and all(isinstance(one, int) and not isinstance(one, bool) for one in numbers)
    if not is_whole or numbers[1] < 1:
        raise AnimationError("rate", f"{values!r} is none", "give [30, 1] for 30 frames a second")
    return Fraction(numbers[0], numbers[1])


def _pair(name: str, values: object) -> tuple[float, float]:
    if not isinstance(values, list) or len(values) != 2 or not all(isinstance(one, int | float) for one in values):
        raise AnimationError(name, "it is no list of pairs of numbers", "give the file as it was saved")
    return float(values[0]), float(values[1])


def _object(name: str, values: object) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise AnimationError(name, "it is not an object of named values", "give the file as it was saved")
    return values


def _list(name: str, values: object) -> list[Any]:
    if not isinstance(values, list):
        raise AnimationError(name, "it is not a list", "give the file as it was saved")
    return values
