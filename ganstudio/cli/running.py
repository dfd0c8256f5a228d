"""Runs a verb and turns its errors into one line and an exit code.

0 done; 1 an expected failure; 2 wrong arguments; 3 the file was refused; 130 interrupted.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.cli.base import UsageError
from ganstudio.errors import GanStudioError

FAILED, USAGE, REFUSED, INTERRUPTED = 1, 2, 3, 130
MAX_MESSAGE = 400


def run_verb(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> int:
    """Parse the arguments and run the verb; prints one line on stderr for an error."""
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has printed help, version or the error
        return stop.code if isinstance(stop.code, int) else USAGE
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except GanStudioError as error:
        complain(error)
        return exit_code(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nothing more can be said, also not at exit
        return FAILED


def exit_code(error: GanStudioError) -> int:
    """The exit code of an expected failure."""
    if isinstance(error, UsageError):
        return USAGE
    return REFUSED if isinstance(error, CheckpointError) else FAILED


def complain(error: GanStudioError) -> None:
    """Print an error as one line of at most 400 characters on stderr."""
    line = " ".join(error.message.split())
    print(line if len(line) <= MAX_MESSAGE else line[: MAX_MESSAGE - 1] + "…", file=sys.stderr)
