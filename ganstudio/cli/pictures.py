"""How pictures are told on the command line: where they are, and how they are made equal."""

import argparse
from dataclasses import replace
from pathlib import Path

from ganstudio.cli.base import UsageError
from ganstudio.datasets.base import PictureSource
from ganstudio.datasets.fitting import BACKGROUNDS, FITS, RESAMPLINGS, PreparationConfig
from ganstudio.datasets.suggestion import RESOLUTIONS, suggest_preparation

PLACE_HELP = 'folder, zip, npz, npy or idx file, or "avatars" (":COUNT")'
_PREPARED_AS = ("resolution", "channels", "fit", "resampling", "background")


def add_preparation(parser: argparse._ArgumentGroup) -> None:
    """Declare how pictures are made equal."""
    parser.add_argument("--resolution", type=int, choices=RESOLUTIONS, help="height and width in pixels")
    parser.add_argument("--channels", type=int, choices=(1, 3), help="1 for grey, 3 for RGB")
    parser.add_argument("--fit", choices=FITS, help="how other shapes become square: the middle, the top of "
                        "portraits, squeezed, or padded with bars")  # fmt: skip
    parser.add_argument("--background", choices=tuple(BACKGROUNDS), help="of bars and behind transparent pictures")
    parser.add_argument("--resampling", choices=tuple(RESAMPLINGS), help="how pictures are scaled")


def preparation_of(options: argparse.Namespace, source: PictureSource) -> PreparationConfig:
    """What suits the pictures, but for what was asked for."""
    chosen = {name: getattr(options, name) for name in _PREPARED_AS}
    return replace(suggest_preparation(source), **{name: value for name, value in chosen.items() if value is not None})


def full_place(text: str) -> str:
    """Where the pictures are, whichever folder is the current one later."""
    return text if text.split(":", maxsplit=1)[0] == "avatars" else str(Path(text).resolve())


def read_names(path: Path) -> tuple[str, ...]:
    """Names of pictures, one a line, of a file such as `ganstudio dataset --write-names` writes.

    Raises:
        UsageError: The file cannot be read, or holds no text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text"
        raise UsageError(path, reason, "give a text file with a name of a picture in each line") from error
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
