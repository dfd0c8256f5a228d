"""Torch's files from before version 1.6: five pickles, then the bytes of all storages.

Source: `_legacy_save` in PyTorch's torch/serialization.py (names and order of the parts).
"""

import re
from typing import Any, Final

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.layouts.stored_values import item_size
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.checkpoints.pickles.calls import Calls
from ganstudio.checkpoints.pickles.context import Context
from ganstudio.checkpoints.pickles.machine import PickleMachine
from ganstudio.checkpoints.pickles.reader import PickleReader
from ganstudio.checkpoints.pickles.torch_objects import Storage, storage_dtype
from ganstudio.checkpoints.tree import Symbol

MAGIC_NUMBER: Final = 0x1950A86A20F9469CFC6C
_PROTOCOL: Final = 1001
_BEGINNING: Final = re.compile(
    rb"(\x80.)?(\x95.{8})?(\x8a\x0a" + re.escape(MAGIC_NUMBER.to_bytes(10, "little"))
    + rb"|L" + str(MAGIC_NUMBER).encode() + rb"L?\n)\.", re.DOTALL,
)  # fmt: skip


def is_torch_stream(head: bytes) -> bool:
    """Whether bytes begin as such a file does."""
    return _BEGINNING.match(head) is not None


def read_torch_stream(data: ByteSlice, budget: Budget, *, nested: bool = False) -> Any:
    """Read such a file, or one that is a byte string in another pickle.

    Raises:
        ContentError: It is damaged, or asks for more than data.
    """
    return _TorchStream(data, budget, nested=nested).read()


class _TorchStream:
    def __init__(self, data: ByteSlice, budget: Budget, *, nested: bool) -> None:
        load = None if nested else lambda inner: read_torch_stream(inner, budget, nested=True)
        self._reader = PickleReader(data)
        self._calls = Calls(Context(budget, load))
        self._storages: dict[str, Storage] = {}
        self._views: list[tuple[Storage, Storage, int]] = []
        self._big_endian = False
        self._size = data.size

    def read(self) -> Any:
        if self._read_pickle() != MAGIC_NUMBER:
            raise ContentError("it is not what torch writes")
        if self._read_pickle() != _PROTOCOL:
            raise ContentError("it is of a version of torch's files that does not exist")
        system = self._read_pickle()
        if not isinstance(system, dict):
            raise ContentError("it is a damaged torch file")
        self._big_endian = system.get("little_endian") is False
        tree = PickleMachine(self._reader, self._calls, self._load_persistent).run()
        keys = self._read_pickle()
        if not isinstance(keys, list) or len(keys) != len(self._storages) or set(map(str, keys)) != set(self._storages):
            raise ContentError("it is a damaged torch file (its list of storages is wrong)")
        self._reader.check_left(sum(8 + storage.size_bytes for storage in self._storages.values()))
        for key in keys:
            self._find_data(self._storages[str(key)])
        for part, whole, offset in self._views:
            if whole.data is not None:
                part.data = whole.data.part(offset, part.size_bytes)
        if self._reader.left:
            raise ContentError(f"{self._reader.left:,} bytes follow its end, which torch never writes")
        return tree

    def _read_pickle(self) -> Any:
        return PickleMachine(self._reader, self._calls).run()

    def _load_persistent(self, identity: Any) -> Any:
        if isinstance(identity, tuple) and len(identity) == 4 and identity[0] == "module":
            if not isinstance(identity[1], Symbol):
                raise TypeError("a module without a class")
            return identity[1]
        kind, key, count = parse_storage(identity)
        dtype = storage_dtype(kind)
        size = count * item_size(dtype)
        if size > self._size:
            raise cut_short(self._size, size)
        known = self._storages.setdefault(key, Storage(dtype, size, None, self._big_endian))
        if (known.dtype, known.size_bytes) != (dtype, size):
            raise ContentError("it is a damaged torch file (two storages of one name)")
        return self._view_of(known, identity[5]) if len(identity) == 6 and identity[5] is not None else known

    def _view_of(self, storage: Storage, view: Any) -> Storage:
        """A stretch of a storage, which torch before 0.4 wrote as (key, offset, count)."""
        if not isinstance(view, tuple) or len(view) != 3 or any(type(part) is not int or part < 0 for part in view[1:]):
            raise TypeError("a view of a storage without offset or size")
        width = item_size(storage.dtype)
        offset, size = view[1] * width, view[2] * width
        if offset + size > storage.size_bytes:
            raise ContentError("a view in it reaches out of its storage")
        part = Storage(storage.dtype, size, None, storage.big_endian)
        self._views.append((part, storage, offset))
        return part

    def _find_data(self, storage: Storage) -> None:
        count = int.from_bytes(self._reader.take(8), "big" if self._big_endian else "little")
        if count * item_size(storage.dtype) != storage.size_bytes:
            raise ContentError("it is a damaged torch file (a storage of another size than said)")
        position = self._reader.position
        self._reader.check_left(storage.size_bytes)
        storage.data = self._reader.data.part(position, storage.size_bytes)
        self._reader.seek(position + storage.size_bytes)


def parse_storage(identity: Any) -> tuple[Any, str, int]:
    """Class, key and number of values of `("storage", class, key, location, count[, view])`."""
    if not isinstance(identity, tuple) or len(identity) not in (5, 6) or identity[0] != "storage":
        raise ContentError("it refers to something outside of it that is no storage")
    key, count = identity[2], identity[4]
    if not isinstance(key, str | int) or type(count) is not int or not 0 <= count < 1 << 60 or len(str(key)) > 100:
        raise ContentError("it is a damaged torch file (a storage without key or size)")
    return identity[1], str(key), count


def cut_short(there: int, wanted: int) -> ContentError:
    """Say that more is wanted than there is."""
    return ContentError(f"it was cut short: there are {there:,} bytes, at least {wanted:,} are wanted")
