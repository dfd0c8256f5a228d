"""Torch's files since version 1.6: a zip of one folder with `data.pkl` and one entry for each storage.

Source: `_save` in PyTorch's torch/serialization.py (names of the entries); TorchScript archives have `constants.pkl`
and `code/` beside it.
"""

from typing import Any, Final

from ganstudio.checkpoints.archives.zip_entry import ZipEntry
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.layouts.stored_values import item_size
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.checkpoints.pickles.calls import Calls
from ganstudio.checkpoints.pickles.context import Context
from ganstudio.checkpoints.pickles.machine import PickleMachine
from ganstudio.checkpoints.pickles.reader import PickleReader
from ganstudio.checkpoints.pickles.torch_objects import Storage, storage_dtype
from ganstudio.checkpoints.pickles.torch_stream import parse_storage, read_torch_stream
from ganstudio.checkpoints.tree import Record

TORCHSCRIPT: Final = "torchscript archive"
"""Class name of the record that a TorchScript archive is parsed into; its state has "data", "constants", "code"."""

_DATA: Final = "data.pkl"
_MAX_CODE_BYTES: Final = 64 << 20


def is_torch_archive(names: "dict[str, ZipEntry]") -> bool:
    """Whether a zip has the entry that torch's files have."""
    return any(name == _DATA or name.endswith("/" + _DATA) for name in names)


def read_torch_archive(entries: dict[str, ZipEntry], file_size: int) -> Any:
    """Read such a file into a tree, or into a record `TORCHSCRIPT`.

    Raises:
        ContentError: It is damaged, or asks for more than data.
    """
    return _TorchArchive(_strip_folder(entries), file_size).read()


def _strip_folder(entries: dict[str, ZipEntry]) -> dict[str, ZipEntry]:
    """Names without the one folder that all are in."""
    folders = {name.split("/")[0] for name in entries}
    if _DATA in entries:
        return entries
    if len(folders) != 1:
        raise ContentError("it has parts of several archives", "save it again")
    return {name.partition("/")[2]: entry for name, entry in entries.items()}


class _TorchArchive:
    def __init__(self, entries: dict[str, ZipEntry], file_size: int) -> None:
        self._entries = entries
        self._budget = Budget(file_size)
        self._big_endian = self._read_byte_order()
        self._storages: dict[tuple[str, str], Storage] = {}

    def _read_byte_order(self) -> bool:
        entry = self._entries.get("byteorder")
        if entry is None:
            return False
        order = entry.data.part(0, min(entry.size, 16)).read()
        if order not in (b"little", b"big"):
            raise ContentError("it is of an unknown byte order")
        return order == b"big"

    def read(self) -> Any:
        if "constants.pkl" not in self._entries:
            return self._read_pickle(_DATA, "data/")
        code = {name: self._read_code(name) for name in self._entries if name.startswith("code/")}
        constants = self._read_pickle("constants.pkl", "constants/")
        data = self._read_pickle(_DATA, "data/")
        extra = {name: entry.data for name, entry in self._entries.items() if name.startswith("extra/")}
        return Record(TORCHSCRIPT, state={"data": data, "constants": constants, "code": code, "extra": extra})

    def _read_code(self, name: str) -> Any:
        """A text as text; the positions for debugging stay unread."""
        entry = self._entries[name]
        if not name.endswith(".py"):
            return entry.data
        if entry.size > _MAX_CODE_BYTES:
            raise ContentError("the program in it is absurdly long")
        return entry.data.read().decode("utf-8", "replace")

    def _read_pickle(self, name: str, folder: str) -> Any:
        entry = self._entries.get(name)
        if entry is None:
            raise ContentError(f"it has no part {name!r}")
        reader = PickleReader(entry.data)
        calls = Calls(Context(self._budget, lambda inner: read_torch_stream(inner, self._budget, nested=True)))
        tree = PickleMachine(reader, calls, lambda identity: self._load_persistent(identity, folder)).run()
        if reader.left:
            raise ContentError(f"{reader.left:,} bytes follow the end of its part {name!r}, which torch never writes")
        return tree

    def _load_persistent(self, identity: Any, folder: str) -> Storage:
        kind, key, count = parse_storage(identity)
        dtype = storage_dtype(kind)
        known = self._storages.get((folder, key))
        if known is None:
            entry = self._entries.get(folder + key)
            if entry is None:
                raise ContentError(f"its storage {key[:40]!r} is missing")
            known = Storage(dtype, entry.size, entry.data, self._big_endian)
            self._storages[folder, key] = known
        if known.dtype != dtype or known.size_bytes != count * item_size(dtype):
            raise ContentError(f"its storage {key[:40]!r} is of another size or type than said")
        return known
