"""`ganstudio train`: prepare pictures and train on them, headless."""

import argparse
import math
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ganstudio.cli.base import VERBS, UsageError, Verb, add_device, parse_assumptions
from ganstudio.cli.long_work import format_duration, stop_signals
from ganstudio.cli.pictures import PLACE_HELP, add_preparation, full_place, preparation_of, read_names
from ganstudio.cli.progress_line import ProgressLine
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.preparation import PictureSkipped, PicturesPrepared
from ganstudio.datasets.prepared import DatasetFacts
from ganstudio.datasets.suggestion import suggest_labels
from ganstudio.devices import launched
from ganstudio.training.config import TrainingConfig, read_texts, with_settings
from ganstudio.training.events import (
    CopiesLeftOut,
    CopiesSought,
    ScalarsLogged,
    ScoreMeasured,
    SnapshotSaved,
    TrainingEnded,
    TrainingStarted,
    TrainingWarned,
)
from ganstudio.training.origin import Configure, Origin, prepare_and_estimate, prepare_and_train
from ganstudio.training.presets.base import with_length
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder

DEFAULT = "recommended"
_PRESET_LINES = "\n".join(
    f"  {name:<10} {preset.description}" for name, preset in zip(PRESETS, PRESETS.values(), strict=True)
)
_DESCRIPTION = f"""\
Prepare pictures and train a generator on them. Everything goes into one folder: settings, curves, sample sheets,
snapshots that open anywhere, and the state to resume from. Ctrl+C saves and stops; --resume goes on bit for bit.

presets:
{_PRESET_LINES}

examples:
  ganstudio train --data avatars --preset quick --out runs/first
  ganstudio train --data my-pictures/ --preset balanced --resolution 64 --out runs/mine --kimg 800
  ganstudio train --out runs/mine --resume
  torchrun --nproc_per_node=4 -m ganstudio train --data photos/ --preset style --out runs/many   (four GPUs, one batch)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--data", metavar="PATH", help=PLACE_HELP)
    parser.add_argument("--preset", metavar="NAME", choices=PRESETS.names(), default=None,
                        help="recipe, see above (default: recommended)")  # fmt: skip
    parser.add_argument("--out", metavar="RUN", type=Path, required=True, help="folder of the run")
    parser.add_argument("--kimg", metavar="N", type=float, help="thousands of pictures to show (default: the preset's)")
    parser.add_argument(
        "--estimate", action="store_true", help="say how long it will take and how much memory, and end"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in RUN; its pictures are known")
    pictures = parser.add_argument_group("pictures (default: what suits the data)")
    add_preparation(pictures)
    pictures.add_argument(
        "--leave-out", metavar="FILE", type=Path,
        help="names of pictures that are not to be used, one a line, as dataset writes them",
    )  # fmt: skip
    classes = pictures.add_mutually_exclusive_group()
    classes.add_argument("--conditional", action="store_true", help="learn the classes of the avatars, too")
    classes.add_argument("--unconditional", action="store_true", help="ignore the classes of the pictures")
    settings = parser.add_argument_group("settings (default: the preset's)")
    settings.add_argument("--start-from", metavar="FILE", type=Path,
                          help="begin with the weights of this checkpoint, of the same kind of network")  # fmt: skip
    settings.add_argument("--set", dest="settings", metavar="NAME=VALUE,...", type=parse_assumptions, default={},
                          help="any setting, by its name in run.json, such as r1.gamma=2,beta1=0,r2=true")  # fmt: skip
    settings.add_argument("--batch-size", type=int, help="pictures shown at once")
    settings.add_argument("--seed", type=int, help="the same seed gives the same run")
    settings.add_argument("--threads", type=int, help="processor threads; 0 takes all cores but one")
    settings.add_argument("--leave-out-copies", action="store_true",
                          help="of pictures that are the same, or nearly, use only the first")  # fmt: skip
    settings.add_argument("--x-flip", action="store_true", help="show each picture mirrored half of the time")
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Train."""
    folder = RunFolder(options.out)
    if options.resume and options.leave_out is not None:
        raise UsageError("--leave-out", "a run keeps its pictures from the start", "leave them out of a new run")
    origin = Origin.of(folder) if options.resume else _choose_origin(options)

    def configure(facts: DatasetFacts) -> TrainingConfig:
        config = folder.config() if options.resume else _configured(options.preset or DEFAULT, facts)
        return _with_options(config, options)

    if options.estimate:
        return _say_estimate(origin, configure, options.out)
    events = prepare_and_train(origin, configure, folder, options.resume)
    with stop_signals() as stop:
        _follow(events, options, stop)
        if stop.is_set():
            raise KeyboardInterrupt
    return 0


def _say_estimate(origin: Origin, configure: Configure, out: Path) -> int:
    """Print how long it will take and how much memory; nothing is written."""
    printer = _Printer(out)
    for event in prepare_and_estimate(origin, configure):
        printer.tell(event)
        if (seconds := getattr(event, "seconds", None)) is not None:
            _print_estimate(event, seconds)
    return 0


def _print_estimate(estimate: Any, seconds: float) -> None:
    memory = "" if estimate.memory_bytes is None else f", {estimate.memory_bytes / 1e6:,.0f} MB more memory"
    print(
        f"about {format_duration(seconds)} on this machine, give or take {estimate.uncertainty:.0%}; "
        f"{estimate.images_per_second:,.0f} pictures a second{memory}"
    )
    if not estimate.fits:
        print("that is more memory than there is: take smaller batches, or --set accumulation=2", file=sys.stderr)


def _configured(preset: str, facts: DatasetFacts) -> TrainingConfig:
    """The recipe's settings; one that goes by the pictures says why, or that they are not for it."""
    if refusal := PRESETS[preset].refusal(facts):
        raise UsageError(f"--preset {preset}", refusal.reason, refusal.remedy)
    if reason := PRESETS[preset].explanation(facts):
        print(f"{preset}: {reason}", file=sys.stderr)
    return PRESETS[preset].configure(facts)


def _choose_origin(options: argparse.Namespace) -> Origin:
    if options.data is None:
        raise UsageError("train", "--data missing", "give it, or --resume to go on with a run")
    source = open_source(options.data)
    try:
        preparation = preparation_of(options, source)
        use_labels = (options.conditional or suggest_labels(source)) and not options.unconditional
    finally:
        source.close()
    left_out = read_names(options.leave_out) if options.leave_out is not None else ()
    return Origin(full_place(options.data), preparation, use_labels, left_out)


def _with_options(config: TrainingConfig, options: argparse.Namespace) -> TrainingConfig:
    if options.kimg is not None:
        config = replace(config, kimg=float(options.kimg)) if options.resume else with_length(config, options.kimg)
    given: dict[str, Any] = {name: getattr(options, name) for name in ("batch_size", "seed", "threads")}
    given = {name: value for name, value in given.items() if value is not None}
    if options.device != "auto":
        given["device"] = options.device
    if options.x_flip:
        given["x_flip"] = True
    if options.leave_out_copies:
        given["leave_out_copies"] = True
    if options.start_from is not None and not options.resume:
        given["start_from"] = str(options.start_from.resolve())
    return with_settings(config, {**given, **read_texts(options.settings, UsageError)})


def _follow(events: Iterator[object], options: argparse.Namespace, stop: threading.Event) -> None:
    printer, is_first = _Printer(options.out), launched().rank == 0
    for event in events:
        printer.tell(event)
        if stop.is_set():
            if is_first:
                print("saving and stopping ...", file=sys.stderr)
            events.close()  # type: ignore[attr-defined] # a generator: closing it saves the state
            if is_first and RunFolder(options.out).states():
                print(f"saved; go on with: ganstudio train --out {options.out} --resume", file=sys.stderr)
            return


class _Printer:
    """Says on stderr what goes on: one line that renews itself on a terminal, a line now and then elsewhere."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._config: TrainingConfig | None = None
        self._line = ProgressLine()
        self._skipped = 0
        self._score = ""

    def tell(self, event: object) -> None:
        """Print what an event says, if it is worth it."""
        if isinstance(event, TrainingStarted):
            self._config = event.config
            where = f", resumed at {event.resumed_at_kimg:g} kimg" if event.resumed_at_kimg else ""
            self._line.say(f"training {self._out} to {event.config.kimg:g} kimg on {event.device}{where}")
            if event.taken:
                self._line.say(event.taken)
        elif isinstance(event, PictureSkipped | PicturesPrepared | CopiesSought | CopiesLeftOut):
            self._tell_of_pictures(event)
        elif isinstance(event, ScoreMeasured):
            self._score = "  " + "  ".join(f"{name} {event.scalars[name]:.3f}" for name in ("kid", "diversity"))
        elif isinstance(event, ScalarsLogged):
            self._line.update(self._progress_line(event))
        elif isinstance(event, TrainingWarned):
            self._line.say(f"warning: {event.message}")
        elif isinstance(event, SnapshotSaved):
            self._last_snapshot = event.path
        elif isinstance(event, TrainingEnded):
            self._line.say(f"done: {self._last_snapshot}")

    def _tell_of_pictures(self, event: PictureSkipped | PicturesPrepared | CopiesSought | CopiesLeftOut) -> None:
        if isinstance(event, PictureSkipped):
            self._tell_skipped(event)
        elif isinstance(event, PicturesPrepared):
            self._line.update(f"preparing pictures: {event.done} of {event.total}")
        elif isinstance(event, CopiesSought):
            self._line.update(f"looking for copies: {event.share:.0%}")
        else:
            self._line.say(f"left out {event.count} pictures that are copies, or nearly, of others")

    def _tell_skipped(self, event: PictureSkipped) -> None:
        self._skipped += 1
        if self._skipped <= 10:
            self._line.say(f"left out {event.name}: {event.reason}")
        elif self._skipped == 11:
            self._line.say("left out more; all of them are listed with the prepared pictures")

    def _progress_line(self, event: ScalarsLogged) -> str:
        kimg = self._config.kimg if self._config else 0.0
        seconds = max(0.0, (kimg - event.kimg) * 1000 / max(event.images_per_second, 1e-9))
        scalars = event.scalars
        return (
            f"{event.kimg:8.2f} of {kimg:g} kimg  {event.images_per_second:6.1f} img/s  "
            f"G {scalars.get('loss_generator', math.nan):.3f}  D {scalars['loss_discriminator']:.3f}  "
            f"D(real) {scalars['d_real']:4.0%}  D(fake) {scalars['d_fake']:4.0%}{self._score}  "
            f"{format_duration(seconds)} left"
        )


VERBS.add("train", Verb("train a generator on your pictures", _DESCRIPTION, add_arguments, run))
