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
