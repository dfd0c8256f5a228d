"""What a verb is, the registry of verbs, and arguments that several verbs share."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from ganstudio.devices import DEVICE_NAMES
from ganstudio.errors import GanStudioError
from ganstudio.registry import Registry


@dataclass(frozen=True)
class Verb:
    """One command.

    Attributes:
        summary: One line for the list of verbs.
        description: What it does, with examples.
        add_arguments: Declares its arguments.
        run: Does it; returns the exit code, raises GanStudioError for what a person can mend.
    """

    summary: str
    description: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


class UsageError(GanStudioError):
    """Arguments that do not go together."""


VERBS: Registry[Verb] = Registry("verb")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Declare `--device`."""
    parser.add_argument(
        "--device", default="auto", choices=DEVICE_NAMES, help="where to compute (default: the GPU if there is one)"
    )


def add_assume(parser: argparse.ArgumentParser) -> None:
    """Declare `--assume`."""
    parser.add_argument(
        "--assume",
        metavar="NAME=VALUE,...",
        type=parse_assumptions,
        default={},
        help="what the file does not say itself, such as activation=leaky_relu:0.1,output=sigmoid (inspect lists all)",
    )


def parse_assumptions(text: str) -> dict[str, str]:
    """Read "activation=leaky_relu:0.1,space=w"; raises argparse's error for anything else."""
    assumptions: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not value:
            raise argparse.ArgumentTypeError(f"{part!r} is no assumption; write NAME=VALUE,NAME=VALUE")
        assumptions[name] = value
    return assumptions
