"""Writes an animation as a file: draws, encodes as it draws, and puts the file there when it is whole."""

import hashlib
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.exporting.kept_frames import DrawnBy, KeptFrames, say_numbers
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.exporting.soundtrack import Soundtrack
from ganstudio.animation.formats.base import Clip, FrameWriter, Pixels
from ganstudio.animation.sound.clip import Clip as SoundClip
from ganstudio.animation.sound.clip import reading
from ganstudio.animation.sound.features import SoundFeatures, measuring
from ganstudio.checkpoints.base import OpenedFile
from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.files import replaced, replaced_folder, sweep_abandoned
from ganstudio.images import to_pillow
from ganstudio.rendering.opening import ModelReady, OpeningProgress, open_model

if TYPE_CHECKING:
    from ganstudio.animation.exporting.drawing import FrameDrawer

PREVIEW_PX = 192
_PREVIEW_EVERY_S = 0.7
_MARKS = 200  # frames whose pace tells that of the others


@dataclass(frozen=True)
class ExportPreparing:
    """What is done before the first frame, and how much of it is done, 0 to 1, where that is known."""

    doing: str
    fraction: float | None = None


@dataclass(frozen=True)
class ExportStarted:
    """The first frame comes next.

    Attributes:
        frames: How many are written.
        kept: How many of them are there already, from an earlier try.
        width: In pixels.
        height: Likewise.
        codec: In a person's words.
        notes: What is otherwise than asked for, in a person's words.
    """

    frames: int
    kept: int
    width: int
    height: int
    codec: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FrameDone:
    """One more frame is written.

    Attributes:
        number: Which, in the film of the whole timeline.
        done: How many are.
        total: Of so many.
        seconds_left: What the others will take; None until that is known.
        preview: The frame, small, uint8 `(h, w, 3)`, now and then.
        sha256: Of its raw pixels, row by row, where the plan asks for it; "" else.
    """

    number: int
    done: int
    total: int
    seconds_left: float | None = None
    preview: Pixels | None = field(default=None, repr=False)
    sha256: str = ""


@dataclass(frozen=True)
class ExportDone:
    """The file is there, whole.

    Attributes:
        path: The file or folder; that of the kept frames after a shard.
        size_bytes: How large it is.
        seconds: How long it took, from the first frame on.
        frames: How many were written.
        notes: What is otherwise than expected, in a person's words.
    """

    path: Path
    size_bytes: int
    seconds: float
    frames: int
    notes: tuple[str, ...] = ()


ExportEvent = ExportPreparing | ExportStarted | FrameDone | ExportDone


def export(plan: ExportPlan, kept: KeptFrames | None = None) -> Iterator[ExportEvent]:
    """Write an animation; closed at any event, it leaves nothing under the final name.

    Args:
        plan: What is wanted.
        kept: Where frames are kept until the file is there, and gone on from; None: nowhere.

    Raises:
        AnimationError: Something of the plan cannot be done; told before anything is drawn.
        CheckpointError: The model is gone or cannot be opened.
        DeviceError: The device is not there.
        OutOfMemoryError: Memory does not last for a single picture.
        FileWriteError: The disk is full, or the folder not writable.
    """
    plan = _as_begun(plan, kept)
    plan.check()
    sweep_abandoned(plan.output.parent)
    sound = yield from _prepare_sound(plan)
    drawer, drawn_by = yield from open_drawer(plan)
    work = _FrameWork(plan, drawer, drawn_by, kept)
    yield from _write(plan, work, sound)
    if kept is not None:
        kept.remove()


def draw_shard(plan: ExportPlan, kept: KeptFrames, shard: tuple[int, int]) -> Iterator[ExportEvent]:
    """Draw a part of the frames and keep them, for `join` to write; those that are there already are not drawn again.

    Args:
        plan: What is wanted, the same for all shards.
        kept: Where frames are kept.
        shard: Which part, from 1, and of how many.

    Raises:
        AnimationError: Likewise, and for a part that there is not.
        CheckpointError: See `export`, as all others.
    """
    _check_shard(shard)
    plan = _as_begun(plan, kept)
    plan.check()
    drawer, drawn_by = yield from open_drawer(plan)
    work = _FrameWork(plan, drawer, drawn_by, kept)
    numbers = _numbers_of_shard(plan, drawn_by.group, shard)
    begun = time.perf_counter()
    yield work.started(numbers)
    for event, _pixels in work.frames(numbers):
        yield event
    size = sum(path.stat().st_size for path in kept.folder.iterdir())
    yield ExportDone(kept.folder, size, time.perf_counter() - begun, len(numbers))


def join(plan: ExportPlan, kept: KeptFrames) -> Iterator[ExportEvent]:
    """Write the frames that shards have drawn as one file; needs no model.

    Raises:
        AnimationError: See `export`; or frames are missing, or of another film.
        FileWriteError: The disk is full, or the folder not writable.
    """
    plan.check()
    sound = yield from _prepare_sound(plan)
    drawn_by = kept.record()
    if drawn_by is None:
        remedy = "draw them with --shard, or copy the folder here from the machines that drew them"
        raise AnimationError(kept.folder, "no frames are kept there", remedy)
    if missing := kept.missing(plan.numbers):
        reason = f"{len(missing):,} of {len(plan.numbers):,} frames are missing: {say_numbers(missing)}"
        raise AnimationError(kept.folder, reason, "draw their shards, or copy them here")
    if Path(plan.checkpoint).is_file() and drawn_by.key != plan.key(fingerprint_of(Path(plan.checkpoint)).sha256):
        raise AnimationError(kept.folder, "the frames in it are of another film", "join with the project of the shards")
    yield from _write(plan, _FrameWork(plan, None, drawn_by, kept), sound)
    kept.remove()


def _as_begun(plan: ExportPlan, kept: KeptFrames | None) -> ExportPlan:
    """The plan with groups and threads of an earlier try, for the same bits."""
    before = kept.record() if kept is not None else None
    if before is None:
        return plan
    return replace(plan, group=plan.group or before.group, threads=plan.threads or before.threads)


def _prepare_sound(plan: ExportPlan) -> Generator[ExportEvent, None, Soundtrack | None]:
    """The sound, looked through to its end before anything is drawn; None where none is written."""
    if not plan.has_sound:
        return None
    sound = Soundtrack(Path(plan.timeline.sound), plan.numbers.start / plan.rate, plan.seconds)
    for share in sound.check():
        yield ExportPreparing("looking through the sound", share)
    return sound


def open_drawer(plan: ExportPlan) -> Generator[ExportPreparing, None, tuple["FrameDrawer", DrawnBy]]:
    """Open the model of a plan and make ready to draw; returns what draws, and what decides about its bits."""
    features = (yield from _measure_sound(plan)) if plan.is_driven else None
    path = Path(plan.checkpoint)
    drawer: FrameDrawer | None = None
    for event in open_model(OpenedFile.open(path), plan.device):
        if isinstance(event, OpeningProgress):
            yield ExportPreparing(event.doing, event.fraction)
        elif isinstance(event, ModelReady):
            drawer = _make_drawer(event, plan, features)
    if drawer is None:
        raise AnimationError(path, "it gave no network", "open it in the window to see why")
    yield ExportPreparing("drawing the first picture", 1.0)
    drawer.settle()
    return drawer, _drawn_by(plan, drawer, path)


def _measure_sound(plan: ExportPlan) -> Generator[ExportPreparing, None, SoundFeatures]:
    """What drives parameters, the same as in the window; raises AnimationError for a sound that cannot be read."""
    clip: SoundClip | None = None
    for read in reading(Path(plan.timeline.sound)):
        if isinstance(read, float):
            yield ExportPreparing("reading the sound", read)
        else:
            clip = read
    features: SoundFeatures | None = None
    for measured in measuring(clip, float(plan.timeline.fps)) if clip is not None else ():
        if isinstance(measured, float):
            yield ExportPreparing("measuring the sound", measured)
        else:
            features = measured
    if features is None:
        raise AnimationError(plan.timeline.sound, "nothing could be measured of it", "choose another sound")
    return features


def _make_drawer(ready: ModelReady, plan: ExportPlan, features: SoundFeatures | None) -> "FrameDrawer":
    import torch

    from ganstudio.animation.exporting.drawing import FrameDrawer  # late: torch must not delay the window

    if plan.threads:
        torch.set_num_threads(plan.threads)
    return FrameDrawer(ready.renderer, plan, features)


def _drawn_by(plan: ExportPlan, drawer: "FrameDrawer", path: Path) -> DrawnBy:
    import torch

    framing, device = drawer.framing, drawer.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    build = f"{torch.__version__} {torch.backends.cpu.get_cpu_capability()}"
    key = plan.key(fingerprint_of(path).sha256)
    return DrawnBy(
        key, framing.width, framing.height, framing.channels, drawer.group, name, torch.get_num_threads(), build
    )


class _FrameWork:
    """Gets frames, of the disk or of the network, and tells how it goes on."""

    def __init__(
        self, plan: ExportPlan, drawer: "FrameDrawer | None", drawn_by: DrawnBy, kept: KeptFrames | None
    ) -> None:
        self.plan, self.drawer, self.drawn_by, self.kept = plan, drawer, drawn_by, kept
        if kept is not None:
            kept.begin(drawn_by)

    def started(self, numbers: range) -> ExportStarted:
        """What is told before the first frame."""
        plan, by = self.plan, self.drawn_by
        there = len(numbers) - len(self.kept.missing(numbers)) if self.kept is not None else 0
        notes = [_say_size(plan, by)] if plan.kind.even(plan.settings) else []
        if plan.with_sound and plan.timeline.sound and not plan.kind.sound:
            notes.append(f"{plan.kind.title} carries no sound")
        if plan.timeline.is_still:
            notes.append("nothing moves: the timeline has no keys")
        codec = plan.kind.says(plan.settings)
        return ExportStarted(len(numbers), there, by.width, by.height, codec, tuple(filter(None, notes)))

    def notes(self) -> tuple[str, ...]:
        """What is told after the last frame."""
        machines = sorted(self.kept.machines) if self.kept is not None else []
        if len(machines) < 2:
            return ()
        return (f"frames were drawn by {'; '.join(machines)}: their last bits may differ",)

    def frames(self, numbers: range) -> Iterator[tuple[FrameDone, Pixels]]:
        """The frames in their order, each with what is told of it when it is written."""
        pace = _Pace(len(numbers))
        for part in self._groups(numbers):
            got = self._get(part)
            pace.note_group(len(got))
            for number, pixels in zip(part, got, strict=True):
                sha256 = hashlib.sha256(pixels.tobytes()).hexdigest() if self.plan.with_hashes else ""
                yield pace.note(number, pixels, sha256), pixels

    def _groups(self, numbers: range) -> Iterator[range]:
        if self.drawer is not None:
            return self.drawer.groups(numbers)
        return (range(number, number + 1) for number in numbers)

    def _get(self, part: range) -> Sequence[Pixels]:
        """The frames of one group; those that are kept are not drawn, unless one of them is damaged."""
        if self.kept is not None and not self.kept.missing(part):
            frames = [self.kept.read(number, self.drawn_by) for number in part]
            if all(frame is not None for frame in frames):
                return [frame for frame in frames if frame is not None]
        if self.drawer is None:
            reason = "a kept frame is damaged or of another film"
            raise AnimationError(f"frames {say_numbers(part)}", reason, "draw its shard again")
        drawn = self.drawer.draw(part)
        if self.kept is not None:
            self.kept.keep(part, drawn, self.drawn_by)
        return drawn


class _Pace:
    """How fast frames come, and what the others will take.

    Frames are drawn in groups and written one by one: the mean of both counts grows steadily.
    """

    def __init__(self, total: int) -> None:
        self._total, self._done, self._drawn = total, 0, 0
        self._marks = deque([(time.perf_counter(), 0.0)], maxlen=_MARKS)
        self._shown = 0.0

    def note_group(self, count: int) -> None:
        """Count frames that are drawn."""
        self._drawn += count

    def note(self, number: int, pixels: Pixels, sha256: str) -> FrameDone:
        """Count a frame that is written."""
        now = time.perf_counter()
        self._done += 1
        so_far = (self._done + self._drawn) / 2
        begun, before = self._marks[0]
        self._marks.append((now, so_far))
        is_shown = now - self._shown >= _PREVIEW_EVERY_S or self._done == self._total
        self._shown = now if is_shown else self._shown
        left = (now - begun) / (so_far - before) * (self._total - so_far)
        return FrameDone(number, self._done, self._total, left, small_picture(pixels) if is_shown else None, sha256)


def _write(plan: ExportPlan, work: _FrameWork, sound: Soundtrack | None) -> Iterator[ExportEvent]:
    """Encode all frames into a file of another name, and give it its own at the end."""
    numbers, begun = plan.numbers, time.perf_counter()
    yield work.started(numbers)
    with _place(plan) as temporary:
        writer = plan.kind.write(temporary, _clip(plan, work.drawn_by), plan.settings)
        try:
            for event, pixels in work.frames(numbers):
                _add(writer, pixels, sound, event.done / plan.rate)
                yield event
            writer.finish()
        finally:
            writer.close()
        size = _size_of(temporary)
    yield ExportDone(plan.output, size, time.perf_counter() - begun, len(numbers), work.notes())


def _place(plan: ExportPlan) -> AbstractContextManager[Path]:
    return replaced_folder(plan.output) if plan.kind.is_folder else replaced(plan.output)


def _add(writer: FrameWriter, pixels: Pixels, sound: Soundtrack | None, up_to: Fraction) -> None:
    writer.add_frame(pixels)
    if sound is not None:
        writer.add_sound(sound.take(up_to))


def _clip(plan: ExportPlan, drawn_by: DrawnBy) -> Clip:
    return Clip(
        drawn_by.width,
        drawn_by.height,
        plan.rate,
        len(plan.numbers),
        drawn_by.channels == 4,
        plan.has_sound,
        plan.text,
        plan.output.stem,
    )


def _say_size(plan: ExportPlan, drawn_by: DrawnBy) -> str:
    asked = [wanted for wanted in plan.size if wanted]
    if all(wanted in (drawn_by.width, drawn_by.height) for wanted in asked):
        return ""
    return f"{drawn_by.width} x {drawn_by.height} px: its sides have to be even"


def _size_of(path: Path) -> int:
    return sum(file.stat().st_size for file in path.iterdir()) if path.is_dir() else path.stat().st_size


def small_picture(pixels: Pixels) -> Pixels:
    """A picture `(H, W, 3 or 4)` as a preview, no side longer than `PREVIEW_PX`."""
    picture = to_pillow(pixels)
    picture.thumbnail((PREVIEW_PX, PREVIEW_PX), Image.Resampling.BILINEAR)
    small: Pixels = np.asarray(picture.convert("RGB"))
    return small


def _check_shard(shard: tuple[int, int]) -> None:
    if not 1 <= shard[0] <= shard[1]:
        raise AnimationError("shard", f"{shard[0]}/{shard[1]} is none", "give 1/4, 2/4, 3/4 and 4/4 for four machines")


def _numbers_of_shard(plan: ExportPlan, group: int, shard: tuple[int, int]) -> range:
    """The frames of a shard: whole groups, so that none is drawn by two."""
    numbers = plan.numbers
    first, end = numbers.start // group, -(-numbers.stop // group)
    start, stop = (group * (first + (end - first) * part // shard[1]) for part in (shard[0] - 1, shard[0]))
    return range(max(start, numbers.start), min(stop, numbers.stop))
