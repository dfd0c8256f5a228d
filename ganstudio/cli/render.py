"""`ganstudio render`: a project's animation as a film, headless; resumable, and split over several machines."""

import argparse
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganstudio.animation.exporting.framing import FITS, RESAMPLINGS
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.formats.base import QUALITIES, SIZE_RANGE
from ganstudio.animation.formats.catalogue import FORMATS, LISTED, format_of
from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.model_search import ModelSought, find_model
from ganstudio.cli.base import VERBS, UsageError, Verb, add_device
from ganstudio.cli.long_work import format_duration, stop_signals
from ganstudio.cli.progress_line import ProgressLine
from ganstudio.config_fields import read_settings
from ganstudio.files import write_text_atomically
from ganstudio.project import history
from ganstudio.project.animation_files import plan_export
from ganstudio.project.file import ProjectContent
from ganstudio.recognition import Kind, recognise

if TYPE_CHECKING:
    from ganstudio.animation.export import ExportEvent, FrameDone

_DECIMAL_RATES = {"23.976": (24000, 1001), "29.97": (30000, 1001), "59.94": (60000, 1001), "119.88": (120000, 1001)}
_QUALITY_WORDS = ", ".join(f"{word} ({number})" for word, number in QUALITIES.items())
_FORMAT_LINES = "\n".join(f"  {name:<6} {FORMATS[name].title:<16} {FORMATS[name].help}" for name in LISTED)
_DESCRIPTION = f"""\
Write the animation of a project as a film. The project may be a .ganstudio file, or a film that was exported before and
carries it. Frames are encoded as they are drawn; the file is there when it is whole, and not before.

The same project gives the same frames, bit for bit, however it is rendered: whole, a --range, resumed, or in shards;
only device, processor, number of threads and version of torch have to be the same.

formats (told by the suffix of FILE, or --format):
{_FORMAT_LINES}

examples:
  ganstudio render clip.ganstudio --output clip.mp4
  ganstudio render clip.ganstudio --output clip.webm --fps 60 --size 1024 --quality best
  ganstudio render clip.ganstudio --output part.gif --range 30:90 --size 320 --fps 25
  ganstudio render clip.ganstudio --output clip.mp4 --resume         # the same again goes on after an interruption
  ganstudio render clip.ganstudio --output clip.mp4 --shard 1/4      # on each of four machines, then, in one place:
  ganstudio render clip.ganstudio --output clip.mp4 --join
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("project", metavar="PROJECT", type=Path, help="the project, or a film that carries it")
    parser.add_argument("--output", metavar="FILE", type=Path, required=True, help="the film; a folder for PNG frames")
    parser.add_argument("--format", choices=LISTED, help="what is written (default: what FILE ends in)")
    parser.add_argument("--fps", type=parse_rate, help="frames a second, such as 60, 29.97 or 30000/1001")
    parser.add_argument("--size", type=parse_size, default=(0, 0), help="1024, or WIDTHxHEIGHT (default: the model's)")
    parser.add_argument(
        "--range", metavar="A:B", type=parse_range, help="frames of the timeline, from A up to before B"
    )
    parser.add_argument("--quality", type=parse_quality, help=f"1 to 100, or {_QUALITY_WORDS}")
    parser.add_argument("--no-sound", action="store_true", help="leave the timeline's sound out")
    parser.add_argument("--hashes", metavar="FILE", type=Path, help="write each frame's number and SHA-256 to FILE")
    parser.add_argument("--model", metavar="FILE", type=Path, help="the model, where it is not where the project says")
    _add_look(parser)
    machine = parser.add_argument_group("long work and several machines")
    machine.add_argument("--resume", action="store_true",
                         help="keep frames in FILE.frames until the film is there; go on from those")  # fmt: skip
    machine.add_argument("--shard", metavar="I/N", type=parse_shard, help="draw the I-th of N parts into FILE.frames")
    machine.add_argument("--join", action="store_true", help="make the film of the frames that shards have drawn")
    machine.add_argument("--threads", metavar="N", type=int, default=0,
                         help="of the processor (default: all cores but one); the same for all shards")  # fmt: skip
    machine.add_argument("--group", metavar="N", type=int, default=0,
                         help="frames drawn at once (default: what suits model and device); likewise")  # fmt: skip
    add_device(parser)


def _add_look(parser: argparse.ArgumentParser) -> None:
    look = parser.add_argument_group("frames")
    look.add_argument("--fit", choices=FITS, default="whole", help="show the whole picture, or fill the frame")
    look.add_argument("--resampling", choices=tuple(RESAMPLINGS), default="lanczos", help="how pictures are scaled")
    look.add_argument("--background", metavar="#RRGGBB", default="#000000", help='beside the picture; or "transparent"')
    look.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], type=parse_setting,
                      help="a setting of the format: codec=AV1, effort=thorough, colour=4:4:4, loop=false")  # fmt: skip


def parse_rate(text: str) -> Fraction:
    """Read "60", "29.97" (which means 30000/1001) or "30000/1001"; raises argparse's error for anything else."""
    try:
        rate = Fraction(*_DECIMAL_RATES[text]) if text in _DECIMAL_RATES else Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate; write 60, 29.97 or 30000/1001") from error
    return rate


def parse_size(text: str) -> tuple[int, int]:
    """Read "1024" or "1920x1080"; raises argparse's error for anything else."""
    if not (match := re.fullmatch(r"(\d{1,5})(?:[x×](\d{1,5}))?", text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 1024 or 1920x1080")
    size = int(match[1]), int(match[2] or match[1])
    if not all(SIZE_RANGE[0] <= side <= SIZE_RANGE[1] for side in size):
        raise argparse.ArgumentTypeError(f"{text} is out of range; give {SIZE_RANGE[0]} to {SIZE_RANGE[1]} pixels")
    return size


def parse_range(text: str) -> tuple[int, int]:
    """Read "30:90"; raises argparse's error for anything else."""
    if not (match := re.fullmatch(r"(\d{1,7}):(\d{1,7})", text)) or int(match[1]) >= int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is no range; write FIRST:END, END is not drawn itself")
    return int(match[1]), int(match[2])


def parse_shard(text: str) -> tuple[int, int]:
    """Read "2/4"; raises argparse's error for anything else."""
    match = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is no part; write 1/4 to 4/4 for four machines")
    return int(match[1]), int(match[2])


def parse_quality(text: str) -> int:
    """Read "best" or "85"; raises argparse's error for anything else."""
    quality = QUALITIES.get(text, int(text) if text.isdecimal() else 0)
    if not 1 <= quality <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no quality; give 1 to 100, or {_QUALITY_WORDS}")
    return quality


def parse_setting(text: str) -> tuple[str, str]:
    """Read "NAME=VALUE"; raises argparse's error for anything else."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is no setting; write NAME=VALUE")
    return name.strip(), value.strip()


def run(options: argparse.Namespace) -> int:
    """Render."""
    _check_options(options)
    plan = _plan(options)
    with stop_signals() as stop:
        hashes: list[str] = []
        printer = _Printer(options)
        events = _work(plan, options)
        for event in events:
            printer.tell(event)
            if digest := getattr(event, "sha256", ""):
                hashes.append(f"{event.number:07d} {digest}\n")  # type: ignore[union-attr] # only FrameDone has one
            if stop.is_set():
                events.close()  # type: ignore[attr-defined] # a generator: closing it removes what is half done
                printer.tell_stopped()
                raise KeyboardInterrupt
    if options.hashes:
        write_text_atomically(options.hashes, "".join(hashes))
    return 0


def _check_options(options: argparse.Namespace) -> None:
    chosen = [name for name in ("resume", "shard", "join") if getattr(options, name)]
    if len(chosen) > 1:
        raise UsageError("render", f"--{chosen[0]} and --{chosen[1]} do not go together", "give one of them")
    for name in ("threads", "group"):
        if not 0 <= getattr(options, name) <= 256:
            raise UsageError(f"--{name}", f"{getattr(options, name)} is out of range", "give 1 to 256")


def _work(plan: ExportPlan, options: argparse.Namespace) -> "Iterator[ExportEvent]":
    from ganstudio.animation import export  # late: other verbs do without
    from ganstudio.animation.exporting.kept_frames import KeptFrames

    kept = KeptFrames(plan.output)
    if options.shard:
        return export.draw_shard(plan, kept, options.shard)
    if options.join:
        return export.join(plan, kept)
    return export.export(plan, kept if options.resume else None)


def _plan(options: argparse.Namespace) -> ExportPlan:
    name = options.format or format_of(options.output)[0]
    return plan_export(
        _content(options),
        options.output.absolute(),
        format=name,
        config=_config(name, options),
        fps=options.fps,
        size=options.size,
        span=options.range,
        device=options.device,
        fit=options.fit,
        resampling=options.resampling,
        background=options.background,
        with_sound=not options.no_sound,
        threads=options.threads,
        group=options.group,
        with_hashes=options.hashes is not None,
    )


def _config(name: str, options: argparse.Namespace) -> Any:
    kind = FORMATS[name].config_type
    settings = read_settings(kind, dict(options.set), UsageError)
    if options.quality is not None:
        if "quality" not in kind.__dataclass_fields__:
            raise UsageError("--quality", f"{FORMATS[name].title} keeps every pixel", "leave it out")
        settings["quality"] = options.quality
    return kind(**settings)


def _content(options: argparse.Namespace) -> ProjectContent:
    """The project, with its model where it is now."""
    found = recognise(options.project)
    if found.kind not in (Kind.PROJECT, Kind.ANIMATION):
        remedy = "give a .ganstudio file, or a film that was exported here"
        raise UsageError(options.project, f"it is {found.kind.value}, not a project", remedy)
    content: ProjectContent = found.content
    path = content.project.checkpoint
    if path is None:
        return content
    place = _find(options, content, Path(path))
    return replace(content, project=history.relink(content.project, path, str(place)))


def _find(options: argparse.Namespace, content: ProjectContent, path: Path) -> Path:
    wanted = content.models.get(str(path))
    folder = options.project.absolute().parent
    places = () if options.model else (folder, path.parent)
    sought = ModelSought(None, "gone")
    for event in find_model(options.model or (path if path.is_absolute() else folder / path), wanted, places):
        sought = event if isinstance(event, ModelSought) else sought
    if sought.path is None:
        raise CheckpointError(path, "the model of this project is not there", "say where it is with --model FILE")
    if sought.certainty == "other":
        print(f"note: {sought.path} is another model than the one this project was made with", file=sys.stderr)
    elif sought.path != path and not options.model:
        print(f"note: the model was found as {sought.path}", file=sys.stderr)
    return sought.path


class _Printer:
    """Says on stderr what goes on: one line that renews itself on a terminal, a line now and then elsewhere."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._line = ProgressLine()
        self._begun = 0.0

    def tell(self, event: "ExportEvent") -> None:
        """Print what an event says, if it is worth it."""
        from ganstudio.animation.export import ExportDone, ExportPreparing, ExportStarted, FrameDone

        if isinstance(event, ExportPreparing):
            self._line.update(event.doing)
        elif isinstance(event, ExportStarted):
            self._begun = time.monotonic()
            there = f", {event.kept} of them there already" if event.kept else ""
            self._line.say(f"{event.frames} frames of {event.width} x {event.height} px{there}: {event.codec}")
            for note in event.notes:
                self._line.say(f"note: {note}")
        elif isinstance(event, FrameDone):
            self._line.update(self._progress(event))
        elif isinstance(event, ExportDone):
            for note in event.notes:
                self._line.say(f"note: {note}")
            took = f"{event.size_bytes / 1e6:,.1f} MB, {event.frames / max(event.seconds, 1e-9):.1f} frames/s"
            self._line.say(f"done: {event.path} ({took})")

    def tell_stopped(self) -> None:
        """Say how to go on."""
        kept = self._options.resume or self._options.shard
        self._line.say("stopped; the same command goes on from here" if kept else "stopped; nothing is left of it")

    def _progress(self, event: "FrameDone") -> str:
        pace = event.done / max(time.monotonic() - self._begun, 1e-9)
        left = "" if event.seconds_left is None else f"  {format_duration(event.seconds_left)} left"
        return f"{event.done:7,} of {event.total:,} frames  {pace:6.1f} frames/s{left}"


VERBS.add("render", Verb("write a project's animation as a film", _DESCRIPTION, add_arguments, run))
