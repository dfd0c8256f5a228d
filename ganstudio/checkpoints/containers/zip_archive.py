"""Zip archives: torch's files since 1.6, TorchScript, and numpy's npz."""

from typing import Any

from ganstudio.checkpoints.archives.npz import is_npz, read_npz
from ganstudio.checkpoints.archives.torch_archive import is_torch_archive, read_torch_archive
from ganstudio.checkpoints.archives.zip_directory import ZIP_MAGIC, read_directory
from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import FileBytes


class ZipContainer:
    """Parses by the names of the entries."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        return head.startswith((ZIP_MAGIC, b"PK\x05\x06"))

    def parse(self, file: FileBytes) -> Any:
        """See `Container`."""
        entries = read_directory(file)
        if is_torch_archive(entries):
            return read_torch_archive(entries, file.size)
        if is_npz(entries):
            return read_npz(entries, file.size)
        names = ", ".join(list(entries)[:3]) or "none"
        raise ContentError(f"it is a zip archive without weights (its parts: {names[:80]})",
                           "unpack it and open the checkpoint in it")  # fmt: skip


CONTAINERS.add("zip", ZipContainer())
