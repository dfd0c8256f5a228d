"""`ganstudio dataset`: what a set of pictures is like, and which of them are better left out."""

import argparse
import json
from pathlib import Path
from typing import Any

from ganstudio.cli.base import VERBS, Verb
from ganstudio.cli.pictures import PLACE_HELP, add_preparation, preparation_of
from ganstudio.cli.progress_line import ProgressLine
from ganstudio.datasets.base import PictureSource
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.checking import SetChecked, check_set, count_classes
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.likeness import PicturesCompared
from ganstudio.datasets.preparation import PicturesPrepared
from ganstudio.files import write_text_atomically

SHOWN = 20  # groups, and outliers, that are printed; a file of names has all

_DESCRIPTION = """\
Look through a whole set before training on it: how many pictures of which classes, what cannot be read, which are
copies of each other or nearly, and which are like no other. Copies are learned by heart, and flatter the scores on
held-out pictures. Nothing is changed: leave pictures out with `ganstudio train --leave-out FILE`.

examples:
  ganstudio dataset my-pictures/
  ganstudio dataset photos.zip --resolution 64 --json
  ganstudio dataset my-pictures/ --write-names left-out.txt
  ganstudio train --data my-pictures/ --leave-out left-out.txt --out runs/mine
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("place", metavar="PATH", help=PLACE_HELP)
    parser.add_argument("--json", action="store_true", help="print one JSON object, with all names")
    parser.add_argument(
        "--write-names", metavar="FILE", type=Path,
        help="write the names of all copies but the first, and of all outliers, one a line",
    )  # fmt: skip
    add_preparation(parser.add_argument_group("as they will be fed in (default: what suits them)"))


def run(options: argparse.Namespace) -> int:
    """Look, and say what was found."""
    source = open_source(options.place)
    try:
        config = preparation_of(options, source)
        found = _look_through(source, config)
        classes = dict(zip(source.class_names, count_classes(source), strict=False))
    finally:
        source.close()
    if options.write_names is not None:
        write_text_atomically(options.write_names, "".join(f"{name}\n" for name in _better_left_out(found)))
    if options.json:
        print(json.dumps(_plain(options.place, config, classes, found)))
    else:
        _print(config, classes, found)
    return 0


def _look_through(source: PictureSource, config: PreparationConfig) -> SetChecked:
    line = ProgressLine()
    found: SetChecked | None = None
    for event in check_set(source, config):
        if isinstance(event, PicturesPrepared):
            line.update(f"preparing pictures: {event.done} of {event.total}")
        elif isinstance(event, PicturesCompared):
            line.update(f"comparing pictures: {event.share:.0%}")
        else:
            found = event
    line.clear()
    assert found is not None  # noqa: S101 - the last event of every look that raises nothing
    return found


def _better_left_out(found: SetChecked) -> list[str]:
    return [*found.extra(), *(picture.name for picture in found.outliers)]


def _print(config: PreparationConfig, classes: dict[str, int], found: SetChecked) -> None:
    colours = "grey" if config.channels == 1 else "RGB"
    print(f"{found.count:,} pictures, fed in at {config.resolution} px in {colours}")
    if found.skipped:
        title = f"{found.skipped_count:,} file{'s' if found.skipped_count != 1 else ''} cannot be used"
        _print_some(title, [f"{own.name}: {own.reason}" for own in found.skipped])
    for name, count in sorted(classes.items(), key=lambda item: -item[1]):
        print(f"  {count:>9,}  {name}")
    extra = len(found.extra())
    kind = "exact copies" if found.only_exact else "copies or near copies"
    many = f"{extra:,} {kind} in {len(found.groups):,} group{'s' if len(found.groups) != 1 else ''}"
    _print_some(
        many if extra else f"no {kind}", [" = ".join(picture.name for picture in group) for group in found.groups]
    )
    if found.only_exact:
        print("there are too many pictures to look for near copies and outliers")
        return
    outliers = len(found.outliers)
    title = f"{outliers:,} outlier{'s' if outliers != 1 else ''}, like no other picture" if outliers else "no outliers"
    _print_some(title, [picture.name for picture in found.outliers])


def _print_some(title: str, lines: list[str]) -> None:
    print(title + (":" if lines else ""))
    for line in lines[:SHOWN]:
        print(f"  {line}")
    if len(lines) > SHOWN:
        print(f"  and {len(lines) - SHOWN:,} more; --json names all")


def _plain(place: str, config: PreparationConfig, classes: dict[str, int], found: SetChecked) -> dict[str, Any]:
    return {
        "place": place,
        "pictures": found.count,
        "resolution": config.resolution,
        "channels": config.channels,
        "classes": classes,
        "skipped": [{"name": own.name, "reason": own.reason} for own in found.skipped],
        "groups": [[picture.name for picture in group] for group in found.groups],
        "exact_copies": found.copies,
        "only_exact": found.only_exact,
        "outliers": [picture.name for picture in found.outliers],
    }


VERBS.add("dataset", Verb("look through a set of pictures before training", _DESCRIPTION, add_arguments, run))
