"""How long an export would take and how large its file would be, by doing a little of it."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganstudio.animation.export import ExportPreparing, open_drawer, small_picture
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.formats.base import SOUND_RATE, Clip, Pixels

if TYPE_CHECKING:
    from ganstudio.animation.exporting.drawing import FrameDrawer

_MOST_FRAMES = 24
_MOST_SECONDS = 3.0
_SOUND_BYTES = 24_000  # a second, of AAC


@dataclass(frozen=True)
class Estimate:
    """What an export will take, as far as a few frames tell.

    Attributes:
        seconds: Until the file is there.
        size_bytes: How large it is.
        measured: On how many frames.
        width: Of the frames, in pixels.
        height: Likewise.
        preview: One of them, small, uint8 `(h, w, 3)`.
    """

    seconds: float
    size_bytes: float
    measured: int
    width: int
    height: int
    preview: Pixels | None = field(default=None, repr=False, compare=False)


def estimate(plan: ExportPlan) -> Iterator[ExportPreparing | Estimate]:
    """Draw and encode some frames of the middle, in a folder that is thrown away; the last event is the estimate.

    Raises:
        GanStudioError: As `export` does.
    """
    plan.check()
    drawer, drawn_by = yield from open_drawer(plan)
    frames, begun = list[Pixels](), time.perf_counter()
    middle = plan.numbers[len(plan.numbers) // 3 :][:_MOST_FRAMES]
    for part in drawer.groups(middle):
        frames += drawer.draw(part)
        yield ExportPreparing("estimating", len(frames) / len(middle))
        if time.perf_counter() - begun > _MOST_SECONDS:
            break
    drawing = (time.perf_counter() - begun) / len(frames)
    clip = Clip(drawn_by.width, drawn_by.height, plan.rate, len(frames), drawn_by.channels == 4)
    few = frames[: max(1, len(frames) // 3)]
    small, _ = _write(plan, replace(clip, frames=len(few)), few)
    large, encoding = _write(plan, clip, frames)
    more = len(frames) - len(few)
    each = (large - small) / more if more else large / len(frames)
    size = small + each * max(0, len(plan.numbers) - len(few)) + len(plan.text)
    if plan.has_sound:
        size += float(plan.seconds) * (4 * SOUND_RATE if plan.kind.sound == "PCM" else _SOUND_BYTES)
    seconds = (drawing + encoding / len(frames)) * _drawn(drawer, plan)
    yield Estimate(seconds, size, len(frames), drawn_by.width, drawn_by.height, small_picture(frames[0]))


def _drawn(drawer: "FrameDrawer", plan: ExportPlan) -> int:
    """How many frames are drawn, with those that only fill up groups."""
    return drawer.group * sum(1 for _ in drawer.groups(plan.numbers))


def _write(plan: ExportPlan, clip: Clip, frames: list[Pixels]) -> tuple[int, float]:
    """Encode frames; how many bytes they take, and how many seconds."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="ganstudio-") as folder:
        path = Path(folder) / "film"
        path.mkdir() if plan.kind.is_folder else path.touch()
        writer = plan.kind.write(path, clip, plan.settings)
        try:
            for pixels in frames:
                writer.add_frame(np.ascontiguousarray(pixels))
            writer.finish()
        finally:
            writer.close()
        elapsed = time.perf_counter() - begun
        size = sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size
    return size, elapsed
