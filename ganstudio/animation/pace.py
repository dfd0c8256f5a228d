"""Even pace: how much the picture changes from frame to frame, measured, and timed anew so that it is always as much.

Latents at even distances do not give pictures at even distances. The pictures along the way are drawn small, the change
from each to the next is measured (root mean square of the difference of their values), and the way is timed by the
changes added up; then the frames themselves are measured, and the timing corrected by what they still differ.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at, repaced
from ganstudio.animation.timeline import Timeline
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.request import RenderRequest

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

Knots = tuple[tuple[float, float], ...]
GOAL = 0.15  # of the mean change: nobody sees less
_SIZE_PX = 64
_SAMPLES_A_FRAME = 3
_BATCH = 16
_ROUNDS = 10
_MOST_FRAMES = 20_000


@dataclass(frozen=True)
class PaceRequest:
    """What is to be timed.

    Attributes:
        checkpoint_path: The model's file.
        timeline: Its keys; what re-timed it before does not count.
        base: The picture that has what the keys do not say.
        directions: Those that the looks name and the model does not carry.
        device: "auto", "cpu" or "cuda".
    """

    checkpoint_path: str
    timeline: Timeline
    base: Look
    directions: tuple[OwnDirection, ...] = ()
    device: str = "auto"


@dataclass(frozen=True)
class PaceProgress:
    """So much is done, 0 to 1."""

    doing: str
    fraction: float


@dataclass(frozen=True)
class Evenness:
    """How much the picture changes from frame to frame along the way.

    Attributes:
        variation: The largest distance of a frame's change from the mean change, over the mean: 0.15 is 15 %.
        closure: In a loop, the step from the last frame to the first over the largest of the others; else 0.
    """

    variation: float
    closure: float = 0.0


@dataclass(frozen=True)
class PaceMeasured:
    """The outcome.

    Attributes:
        before: With the timing of the keys.
        after: With `pace`.
        pace: For `Timeline.pace`.
    """

    before: Evenness
    after: Evenness
    pace: Knots


PaceEvent = PaceProgress | PaceMeasured


def measure_pace(request: PaceRequest, is_timing: bool = True) -> Iterator[PaceEvent]:
    """Measure how evenly the picture of a timeline changes, and time it anew.

    Args:
        request: What of.
        is_timing: Whether to time it anew; else `after` and `pace` are as it is now.

    Yields:
        Progress, at last PaceMeasured.

    Raises:
        AnimationError: The picture has fewer than two keys, holds, or does not change.
        CheckpointError: The model cannot be opened.
    """
    way = _Way.of(request)
    yield PaceProgress("opening the model", 0.0)
    from ganstudio.rendering.renderer import Renderer  # late, as is whatever loads torch

    drawing = _Drawing(Renderer(Path(request.checkpoint_path), request.device), request, way)
    total = way.count * (1 + (2 * _SAMPLES_A_FRAME + _ROUNDS if is_timing else 0))
    even = [way.first + place for place in range(way.count + 1)]
    now = even if is_timing else [repaced(request.timeline, time) for time in even]
    steps = yield from drawing.steps(now, "measuring", (0, total))
    before = way.evenness(steps)
    if not is_timing:
        yield PaceMeasured(before, before, request.timeline.pace)
        return
    fine = [way.first + place / _SAMPLES_A_FRAME for place in range(way.count * _SAMPLES_A_FRAME + 1)]
    changes = yield from drawing.steps(fine, "timing", (way.count, total))
    fine = _at_even_lengths(fine, changes, way.count * _SAMPLES_A_FRAME)  # closer where it changes most
    changes = yield from drawing.steps(fine, "timing", (way.count * (1 + _SAMPLES_A_FRAME), total))
    times = _at_even_lengths(fine, changes, way.count)
    best, best_evenness = times, Evenness(float("inf"))
    for number in range(_ROUNDS):
        done = way.count * (1 + 2 * _SAMPLES_A_FRAME + number)
        steps = yield from drawing.steps(times, "checking", (done, total))
        found = way.evenness(steps)
        if found.variation < best_evenness.variation:
            best, best_evenness = times, found
        if found.variation <= GOAL / 3:
            break
        times = _at_even_lengths(times, steps, way.count)
    yield PaceMeasured(before, best_evenness, way.knots(best))


@dataclass(frozen=True)
class _Way:
    """The stretch of a timeline in which the picture moves.

    Attributes:
        timeline: With the track of the picture alone, timed by its keys.
        first: Its first frame.
        count: Steps from frame to frame; in a loop, the one back to the first as well.
    """

    timeline: Timeline
    first: int
    count: int

    @classmethod
    def of(cls, request: PaceRequest) -> "_Way":
        track = request.timeline.track_of("latent")
        if track is None or len(track.keys) < 2 or track.is_muted:
            raise AnimationError("pace", "the picture has fewer than two keys", "key two pictures first (K)")
        if any(key.easing.kind == "hold" for key in track.keys[:-1]):
            reason, remedy = "a key of the picture holds, which is a jump", "give that key another easing"
            raise AnimationError("pace", reason, remedy)
        length = request.timeline.length
        if length > _MOST_FRAMES:
            raise AnimationError("pace", f"{length:,} frames are too many", f"measure up to {_MOST_FRAMES:,}")
        timeline = replace(request.timeline, tracks=(track,), pace=(), markers=())
        if timeline.is_loop:
            return cls(timeline, 0, length)
        first, last = track.keys[0].frame, min(track.keys[-1].frame, length - 1)
        if last <= first:
            raise AnimationError("pace", "its keys lie beyond the end", "make the animation longer")
        return cls(timeline, first, last - first)

    def evenness(self, steps: npt.NDArray[np.float64]) -> Evenness:
        """What the changes from frame to frame say."""
        mean = float(steps.mean())
        if mean <= 0:
            raise AnimationError("pace", "the picture does not change", "key other pictures")
        closure = 0.0
        if self.timeline.is_loop and self.count > 1:
            closure = float(steps[-1] / max(float(steps[:-1].max()), 1e-9))
        return Evenness(float(np.abs(steps - mean).max() / mean), closure)

    def knots(self, times: Sequence[float]) -> Knots:
        """For `Timeline.pace`: in a loop from the first frame round to it again, else with still ends."""
        inner = [(float(self.first + place), float(time)) for place, time in enumerate(times)]
        if self.timeline.is_loop:
            return tuple(inner)
        last = self.timeline.length - 1
        before = [(0.0, 0.0)] if self.first > 0 else []
        after = [(float(last), float(last))] if inner[-1][0] < last else []
        return (*before, *inner, *after)


class _Drawing:
    """Draws the way small, and measures changes."""

    def __init__(self, renderer: "Renderer", request: PaceRequest, way: _Way) -> None:
        self._renderer, self._request, self._way = renderer, request, way

    def steps(
        self, times: Sequence[float], doing: str, done: tuple[int, int]
    ) -> Generator[PaceProgress, None, npt.NDArray[np.float64]]:
        """Measure the change from each time to the next; returns one less than there are times.

        Args:
            times: Of the keys.
            doing: What to tell.
            done: So many pictures were drawn before, of so many.
        """
        changes: list[float] = []
        last: npt.NDArray[np.float32] | None = None
        for start in range(0, len(times), _BATCH):
            pictures = self._draw(times[start : start + _BATCH])
            for picture in pictures:
                if last is not None:
                    changes.append(float(np.sqrt(np.mean(np.square(picture - last)))))
                last = picture
            yield PaceProgress(doing, min(1.0, (done[0] + start) / done[1]))
        return np.asarray(changes, np.float64)

    def _draw(self, times: Sequence[float]) -> npt.NDArray[np.float32]:
        from ganstudio.rendering.opening import draw_fitting

        request = self._request
        looks = tuple(frame_at(self._way.timeline, request.base, time).look for time in times)
        asked = RenderRequest(request.checkpoint_path, looks, 1, _SIZE_PX, request.directions)
        pictures: npt.NDArray[np.float32] = draw_fitting(self._renderer, asked).pixels.astype(np.float32)
        return pictures


def _at_even_lengths(times: Sequence[float], changes: npt.NDArray[np.float64], count: int) -> list[float]:
    """Times at which the changes, added up, have grown by as much each; `count` steps."""
    grown = [0.0, *accumulate(float(change) for change in changes)]
    if grown[-1] <= 0:
        raise AnimationError("pace", "the picture does not change", "key other pictures")
    wanted = np.linspace(0.0, grown[-1], count + 1)
    found: list[float] = [float(time) for time in np.interp(wanted, grown, times)]
    return found
