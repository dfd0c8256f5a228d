"""All readers, imported by name, and the ways to ask them."""

from pathlib import Path

from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.readers import dcgan_example, fastgan, ganstudio_run, lucidrains, nvlabs, rosinality
from ganstudio.training.runs.readers.base import RUN_READERS, RunReader, RunRecord

__all__ = [
    "RUN_READERS", "dcgan_example", "fastgan", "ganstudio_run", "is_run", "lucidrains", "nvlabs", "open_run",
    "rosinality",
]  # fmt: skip


def is_run(folder: Path) -> bool:
    """Whether a folder is a training run of a known program; quick, raises nothing."""
    return folder.is_dir() and _reader_of(folder) is not None


def open_run(folder: Path) -> RunRecord:
    """Read a run folder of any known program; a file in it (its log, its options) stands for the folder.

    Raises:
        RunFolderError: It is not there, no run of a known program, or damaged.
    """
    place = folder.parent if folder.is_file() else folder
    if not place.is_dir():
        raise RunFolderError(folder, "the folder is not there", "choose it where it is now")
    reader = _reader_of(place)
    if reader is None:
        known = "a run of GANStudio, StyleGAN (NVIDIA, rosinality, lucidrains), FastGAN or the DCGAN example"
        raise RunFolderError(folder, "there is no training run in it", f"choose the folder of {known}")
    return reader.read(place)


def _reader_of(folder: Path) -> RunReader | None:
    return next((reader for reader in RUN_READERS.values() if reader.detect(folder)), None)
