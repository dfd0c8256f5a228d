"""`ganstudio convert`: a checkpoint as another kind of file."""

import argparse
import sys
from pathlib import Path

from ganstudio.checkpoints.writers.base import ConversionProgress, Converted
from ganstudio.checkpoints.writers.catalogue import WRITERS, find_writer
from ganstudio.cli.base import VERBS, Verb, add_assume

_DESCRIPTION = """\
Write the generator of any checkpoint as another kind of file, told by the suffix of OUT or by --to. The result is
opened again and must draw the same pictures of fixed latents before it appears under its name.

examples:
  ganstudio convert network-snapshot-025000.pkl faces.safetensors
  ganstudio convert faces.safetensors faces.onnx
  ganstudio convert faces.safetensors faces.ts
  ganstudio convert network.pkl 550000.pt --to rosinality
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the checkpoint to read")
    parser.add_argument("output", metavar="OUT", type=Path, help="the file to write")
    parser.add_argument("--to", choices=WRITERS.names(), help="what to write (default: told by the suffix of OUT)")
    add_assume(parser)


def run(options: argparse.Namespace) -> int:
    """Convert."""
    kind = options.to or find_writer(options.output)  # before torch is loaded: a wrong name should fail at once
    from ganstudio.checkpoints.conversion import convert

    for event in convert(options.file, options.output, kind, options.assume):
        if isinstance(event, ConversionProgress):
            print(f"{event.doing} ...", file=sys.stderr, flush=True)
        elif isinstance(event, Converted):
            print(f"{event.path}: {WRITERS[event.kind].title}")
            print(f"largest difference of {event.pictures} pictures: {event.difference:.3g} "
                  f"({event.relative_difference:.3g} of the largest pixel)")  # fmt: skip
    return 0


VERBS.add("convert", Verb("write a checkpoint as another kind of file", _DESCRIPTION, add_arguments, run))
