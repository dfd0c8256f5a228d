"""All formats, imported by name, and the two ways to open a file of any of them."""

from pathlib import Path

from ganstudio.checkpoints import native
from ganstudio.checkpoints.base import FORMATS, Checkpoint, CheckpointDescription, CheckpointError, CheckpointFormat

__all__ = ["FORMATS", "describe", "native", "read"]

_HEAD_BYTES = 1 << 20  # a safetensors header keeps its metadata at the front, but not always in the first block


def describe(path: Path) -> CheckpointDescription:
    """Say what a checkpoint file is, without reading its weights.

    Raises:
        CheckpointError: The file is gone, of no known format, or damaged.
    """
    return _format_of(path).describe(path)


def read(path: Path) -> Checkpoint:
    """Read a checkpoint file whole.

    Raises:
        CheckpointError: The file is gone, of no known format, or damaged.
    """
    return _format_of(path).read(path)


def _format_of(path: Path) -> CheckpointFormat:
    head = _read_head(path)
    for checkpoint_format in FORMATS.values():
        if checkpoint_format.detect(path, head):
            return checkpoint_format
    raise CheckpointError(path, _unknown_reason(head), "open a .safetensors snapshot that GANStudio wrote")


def _read_head(path: Path) -> bytes:
    if path.is_dir():
        raise CheckpointError(path, "it is a folder, not a checkpoint", "choose a file of its snapshots/")
    if path.exists() and not path.is_file():
        raise CheckpointError(path, "it is a device or a pipe, not a file", "choose a checkpoint file")
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise CheckpointError(path, "the file is not there", "choose it where it is now") from error
    except OSError as error:
        raise CheckpointError(
            path, f"it cannot be read ({error.strerror})", "check the disk and its permissions"
        ) from error


def _unknown_reason(head: bytes) -> str:
    known = {
        b"": "the file is empty",
        b"version https://git-lfs": "it is a Git LFS pointer, the checkpoint itself was not downloaded",
        b"\x89PNG": "it is a picture, not a checkpoint",
        b"\xff\xd8\xff": "it is a picture, not a checkpoint",
        b"PK\x03\x04": "it is a zip archive (perhaps a PyTorch file), which this version does not read",
        b"\x80": "it is a pickle (perhaps a PyTorch file), which this version does not read",
    }
    if not head:
        return known[b""]
    return next((reason for start, reason in known.items() if start and head.startswith(start)),
                "it is not a checkpoint of a known format")  # fmt: skip
