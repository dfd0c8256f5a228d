"""The program: no argument (or a file) opens the window, a verb runs the command line."""

import argparse
import gc
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import ganstudio

_DESCRIPTION = """\
GANStudio: explore, edit and train generative adversarial networks.

Without a verb the window opens; with a FILE it opens that checkpoint. Everything that makes sense without a window is
a verb, see `ganstudio VERB --help`.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code (see `cli.running`)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    if not arguments or _is_file_argument(arguments):
        gc.disable()  # the window collects by itself, see `gui.guards`; importing it is a tenth quicker so
        from ganstudio.gui.app import run_window  # late: verbs must work where Qt cannot be loaded

        return run_window(Path(arguments[0]) if arguments else None)
    from ganstudio.cli.running import run_verb

    return run_verb(_make_parser(), arguments)


def _is_file_argument(arguments: Sequence[str]) -> bool:
    """Whether the one argument is a file to open; a bare word that is no file is a verb mistyped."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        return False
    path = Path(arguments[0])
    return bool(path.suffix) or len(path.parts) > 1 or (path.exists() and not _is_verb(arguments[0]))


def _is_verb(word: str) -> bool:
    from ganstudio.cli.catalogue import VERBS  # late: all verbs together delay the window

    return word in (*VERBS, "tour")


def _make_parser() -> argparse.ArgumentParser:
    from ganstudio.cli.catalogue import VERBS

    parser = argparse.ArgumentParser(
        prog="ganstudio", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"ganstudio {ganstudio.__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name, verb in zip(VERBS, VERBS.values(), strict=True):
        subparser = verbs.add_parser(
            name, help=verb.summary, description=verb.description, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        verb.add_arguments(subparser)
        subparser.set_defaults(run=verb.run)
    _add_tour(verbs)
    return parser


def _add_tour(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The one verb that needs the window, and so lives with it."""
    summary = "walk the real window through its main job and leave screenshots and a report"
    parser = verbs.add_parser("tour", help=summary, description=f"{summary[0].upper()}{summary[1:]} in DIR.")
    parser.add_argument("folder", metavar="DIR", type=Path, help="folder for screenshots and report; made if absent")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to train on the way (default: 1)")
    parser.set_defaults(run=_run_tour)


def _run_tour(options: argparse.Namespace) -> int:
    from ganstudio.gui.tour import run_tour

    return run_tour(options.folder, options.minutes)


if __name__ == "__main__":
    sys.exit(main())
