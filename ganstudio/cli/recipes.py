"""`ganstudio recipes`: what can be trained with, and every setting that there is."""

import argparse
import json
import textwrap
from collections.abc import Iterator
from dataclasses import Field, dataclass, fields
from typing import Any

from ganstudio.cli.base import VERBS, UsageError, Verb
from ganstudio.training.config import TrainingConfig
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.presets.base import GROUPS
from ganstudio.training.presets.catalogue import PRESETS

_DESCRIPTION = """\
List the recipes of `ganstudio train`; of one, all its settings; or every setting and part that --set can change.

examples:
  ganstudio recipes
  ganstudio recipes wgan_gp --resolution 64
  ganstudio recipes --settings
  ganstudio recipes --parts
"""
_WIDTH = 110


@dataclass(frozen=True)
class _Pictures:
    """What settings are shown for."""

    count: int | None
    resolution: int
    channels: int
    class_count: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="RECIPE", nargs="?", help="show the settings of this one, as JSON")
    parser.add_argument("--settings", action="store_true", help="list every setting of a run")
    parser.add_argument("--parts", action="store_true", help="list all penalties, cures and augmentations")
    pictures = parser.add_argument_group("pictures that a recipe's settings are shown for")
    pictures.add_argument("--count", type=int, help="how many")
    pictures.add_argument("--resolution", type=int, default=64, help="height and width in pixels (default: 64)")
    pictures.add_argument("--channels", type=int, choices=(1, 3), default=3, help="1 for grey, 3 for RGB (default)")
    pictures.add_argument("--classes", type=int, default=0, help="number of classes (default: 0)")


def run(options: argparse.Namespace) -> int:
    """List."""
    if options.name is not None:
        _print_recipe(options)
    elif options.parts:
        for name in PARTS:
            part = PARTS[name]
            print(f"{name}: {part.title}. {part.description}")
            print("\n".join(_say_settings(fields(part.settings_type), f"{name}.")))
    elif options.settings:
        print("\n".join(_say_settings(fields(TrainingConfig), "")))
    else:
        _print_recipes()
    return 0


def _print_recipes() -> None:
    width = max(map(len, PRESETS))
    for group, title in GROUPS.items():
        print(f"{title}:")
        for name in PRESETS:
            if PRESETS[name].group == group:
                start = f"  {name.ljust(width)}  "
                text = textwrap.wrap(PRESETS[name].description, _WIDTH - len(start))
                print(start + ("\n" + " " * len(start)).join(text))


def _print_recipe(options: argparse.Namespace) -> None:
    if options.name not in PRESETS:
        raise UsageError(options.name, "there is no such recipe", f"choose of {', '.join(PRESETS)}")
    pictures = _Pictures(options.count, options.resolution, options.channels, options.classes)
    preset = PRESETS[options.name]
    if refusal := preset.refusal(pictures):
        raise UsageError(options.name, refusal.reason, refusal.remedy)
    print(json.dumps(preset.configure(pictures).to_json(), indent=2))


def _say_settings(items: "tuple[Field[Any], ...]", start: str) -> Iterator[str]:
    for item in items:
        told = item.metadata
        if not told.get("title"):
            continue
        low, high, choices = told.get("low"), told.get("high"), told.get("choices")
        limits = f" ({low:g} to {high:g})" if low is not None and high is not None else ""
        limits = f" ({', '.join(map(str, choices))})" if choices else limits
        yield f"  {start}{item.name} = {item.default}{limits}: {told.get('help', '')}"


VERBS.add("recipes", Verb("list recipes, settings and parts", _DESCRIPTION, add_arguments, run))
