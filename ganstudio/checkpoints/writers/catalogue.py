"""All writers, imported by name, and how to choose one."""

from pathlib import Path

from ganstudio.checkpoints.writers import ganstudio_file, nvlabs_tensors, onnx_file, rosinality_file, torchscript
from ganstudio.checkpoints.writers.base import WRITERS, ConversionError

__all__ = ["WRITERS", "find_writer", "ganstudio_file", "nvlabs_tensors", "onnx_file", "rosinality_file", "torchscript"]


def find_writer(path: Path) -> str:
    """Name of the writer whose suffix a file name ends in.

    Raises:
        ConversionError: No kind is written under such a name.
    """
    for name in WRITERS:
        if path.suffix.lower() in WRITERS[name].suffixes:
            return name
    known = ", ".join(suffix for writer in WRITERS.values() for suffix in writer.suffixes)
    raise ConversionError(path, "its name does not say what to write", f"end it in one of {known}, or give --to")
