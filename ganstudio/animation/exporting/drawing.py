"""Draws the frames of a film in groups that never change, so that each frame is the same bits however it is exported.

What a network makes of a picture depends, in its last bits, on the pictures that are drawn with it. So frames are drawn
in groups that begin at multiples of the group's size, counted from the first frame of the whole timeline, and are
always full: a range, a shard or a resumed export draws its first and last group whole and takes what it wants of them.
The last group of the timeline is filled up with its last frame.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ganstudio.animation.exporting.framing import Framing
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.formats.base import Pixels
from ganstudio.animation.frames import frame_at
from ganstudio.animation.parameters import EDIT_PREFIX, Frame
from ganstudio.animation.sound.features import SoundFeatures
from ganstudio.animation.timeline import Key, Timeline
from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.single_number import single_number
from ganstudio.rendering.opening import fit_look, fitting

if TYPE_CHECKING:
    import torch

    from ganstudio.rendering.renderer import Renderer

_MOST_AT_ONCE = {"cpu": 16, "cuda": 32}
_ROWS_AT_ONCE = {"cpu": 1024, "cuda": 8192}  # of pixels in all pictures: more is no faster there, and takes memory


class FrameDrawer:
    """Draws frames of one plan.

    Args:
        renderer: Draws pictures; nobody else draws with it meanwhile.
        plan: What is wanted.
        sound: What was measured of the timeline's sound, where that drives anything.

    Attributes:
        group: How many frames are drawn in one go.
        framing: How pictures become frames.
    """

    def __init__(self, renderer: "Renderer", plan: ExportPlan, sound: SoundFeatures | None = None) -> None:
        self._sound = sound
        self._renderer, self._plan = renderer, plan
        spec = renderer.generator.spec
        self.framing: Framing = plan.framing(spec.resolution)
        self.group = plan.group or _group_of(spec.resolution, renderer.device.type)
        self._own = fitting(plan.directions, renderer.description)
        names = frozenset(one.name for one in self._own)
        self._base = fit_look(plan.base, renderer.description, names)
        self._timeline = _fit_timeline(plan.timeline, renderer.description, names)

    @property
    def device(self) -> "torch.device":
        """Where it draws."""
        return self._renderer.device

    def settle(self) -> None:
        """Find out whether memory lasts for a group, and take smaller ones where it does not.

        Raises:
            OutOfMemoryError: Not even for one picture.
        """
        from ganstudio.rendering.renderer import OutOfMemoryError

        first = self._plan.numbers[0]
        while True:
            try:
                self._draw(first // self.group)
            except OutOfMemoryError:
                if self.group == 1 or self._plan.group:
                    raise
                self.group //= 2
            else:
                return

    def groups(self, numbers: range) -> Iterator[range]:
        """The wanted frames, group by group."""
        start = numbers.start
        while start < numbers.stop:
            end = min((start // self.group + 1) * self.group, numbers.stop)
            yield range(start, end)
            start = end

    def draw(self, numbers: range) -> list[Pixels]:
        """Draw frames that lie in one group."""
        number = numbers.start // self.group
        frames, pictures = self._draw(number)
        wanted = [place - number * self.group for place in numbers]
        return [self.framing.apply(pictures[place], frames[place]) for place in wanted]

    def _draw(self, number: int) -> tuple[list[Frame], list[Pixels]]:
        start, last = number * self.group, self._plan.total - 1
        frames = [self._frame(min(start + place, last)) for place in range(self.group)]
        return frames, self._renderer.draw_batch([frame.look for frame in frames], self._own)

    def _frame(self, number: int) -> Frame:
        return frame_at(self._timeline, self._base, self._plan.time_of(number), self._sound)


def _fit_timeline(timeline: Timeline, description: CheckpointDescription, own: frozenset[str]) -> Timeline:
    """Take from a timeline what a model does not have, as `fit_look` does from a look: directions, latents, classes."""
    known = own | {direction.name for direction in description.directions}

    def is_known(parameter: str) -> bool:
        name = parameter.removeprefix(EDIT_PREFIX)
        return name == parameter or name in known or single_number(name, description.spec) is not None

    tracks = [
        replace(track, keys=tuple(_fit_key(key, description, own) for key in track.keys))
        for track in timeline.tracks
        if is_known(track.parameter)
    ]
    drives = [drive for drive in timeline.drives if is_known(drive.parameter)]
    return replace(timeline, tracks=tuple(tracks), drives=tuple(drives))


def _fit_key(key: Key, description: CheckpointDescription, own: frozenset[str]) -> Key:
    return replace(key, value=fit_look(key.value, description, own)) if isinstance(key.value, Look) else key


def _group_of(resolution: int, device: str) -> int:
    kind = device if device in _MOST_AT_ONCE else "cpu"
    return max(1, min(_MOST_AT_ONCE[kind], _ROWS_AT_ONCE[kind] // resolution))
