"""`ganstudio mix`: two models of one network made one."""

import argparse
import math
import sys
from functools import partial
from pathlib import Path

from ganstudio.checkpoints.mixing.shares import LATENT, MixShares
from ganstudio.cli.base import VERBS, UsageError, Verb

_DESCRIPTION = """\
Write a model whose weights are between those of two models of the same network, the second usually trained on from
the first. --share takes the same share of the second everywhere; --swap-from takes its layers from a resolution on, in
pixels, and everything coarser from the first; --set says it part by part ("latent" is the mapping network).

examples:
  ganstudio mix faces.pkl cartoons.pkl --output between.safetensors --share 0.5
  ganstudio mix faces.pkl cartoons.pkl --output swapped.safetensors --swap-from 32 --over 1
  ganstudio mix faces.pkl cartoons.pkl --output own.safetensors --set latent=0,4=0,8=0.3,16=1
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("first", metavar="A", type=Path, help="the model that a share of 0 is")
    parser.add_argument("second", metavar="B", type=Path, help="the model that a share of 1 is")
    parser.add_argument("--output", required=True, metavar="OUT", type=Path, help="the .safetensors file to write")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--share", metavar="S", type=float, help="share of B everywhere, 0 to 1 (default: 0.5)")
    kind.add_argument("--swap-from", metavar="PX", type=int, help="layers of PX pixels and finer ones are B's")
    parser.add_argument("--over", metavar="N", type=int, default=0, help="lead there over N coarser resolutions")
    parser.add_argument("--set", metavar="PART=S,...", type=_parse_parts, default={}, help="shares of single parts")


def run(options: argparse.Namespace) -> int:
    """Mix."""
    if options.over and options.swap_from is None:
        raise UsageError("--over", "nothing is swapped", "say --swap-from as well")
    if options.over < 0:
        raise UsageError("--over", f"{options.over} is no number of resolutions", "give 0 or more")
    from ganstudio.checkpoints.mixing.mixing import MixingProgress, ModelsMixed, mix_models  # late: it loads torch

    make_shares = partial(_make_shares, options)
    for event in mix_models(options.first, options.second, options.output, make_shares):
        if isinstance(event, MixingProgress):
            print(f"{event.doing} ...", file=sys.stderr, flush=True)
        elif isinstance(event, ModelsMixed):
            print(f"{event.path}: shares of {options.second.name}: {event.shares.words}")
            print(f"{event.directions} directions carried")
    return 0


def _make_shares(options: argparse.Namespace, sizes: tuple[int, ...]) -> MixShares:
    if options.swap_from is not None:
        shares = MixShares.swapped(sizes, options.swap_from, options.over)
    else:
        default = 0.0 if options.set else 0.5
        shares = MixShares.everywhere(sizes, default if options.share is None else options.share)
    return shares.changed(options.set)


def _parse_parts(text: str) -> dict[str, float]:
    """Read "latent=0,8=0.5"; raises argparse's error for anything else."""
    parts: dict[str, float] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        try:
            share = float(value)
        except ValueError:
            share = math.nan
        if not equals or not (name == LATENT or name.isdigit()) or not math.isfinite(share):
            raise argparse.ArgumentTypeError(f"{part!r} is no share of a part; write latent=0,8=0.5")
        parts[name] = share
    return parts


VERBS.add("mix", Verb("make one model of two of the same network", _DESCRIPTION, add_arguments, run))
