"""How much a file may ask for: everything that grows while it is read is counted here.

A file may make the program hold at most 4 times its own size in tensors (plus 64 MiB), and a fixed amount of small
objects: three million opcodes, 400,000 containers.
"""

from collections.abc import Iterable

from ganstudio.checkpoints.errors import ContentError

TENSOR_FACTOR = 4
TENSOR_ALLOWANCE = 64 << 20

_MAX_OPCODES = 3_000_000
_MAX_CONTAINERS = 400_000
_MAX_MEMO = 1_000_000
_MAX_KEYS = 50_000  # keys that are no text: their hashes are not salted and can be made to collide
_MAX_KEY_PARTS = 16


class Budget:
    """What one file has left; shared by all machines that read parts of it.

    Args:
        file_size: Bytes of the file.
    """

    def __init__(self, file_size: int) -> None:
        self.opcodes = _MAX_OPCODES
        self._containers = _MAX_CONTAINERS
        self._memo = _MAX_MEMO
        self._keys = _MAX_KEYS
        self._tensor_bytes = TENSOR_FACTOR * file_size + TENSOR_ALLOWANCE

    def spend_container(self) -> None:
        """Count a dict, list, set, tuple or object."""
        self._containers -= 1
        if self._containers < 0:
            raise ContentError("it holds more than 400,000 small objects, which no saved weights do")

    def spend_memo(self) -> None:
        """Count an entry of the memo."""
        self._memo -= 1
        if self._memo < 0:
            raise ContentError("it remembers more than a million objects, which no saved weights do")

    def spend_tensor(self, size_bytes: int) -> None:
        """Count a tensor."""
        self._tensor_bytes -= size_bytes
        if self._tensor_bytes < 0:
            raise ContentError(f"its tensors would take more than {TENSOR_FACTOR} times the room of the file")

    def check_key(self, key: object) -> None:
        """Refuse keys of dicts and members of sets whose hashing or comparing could take for ever.

        Raises:
            ContentError: It can be no key, or there are too many that are no text.
        """
        if isinstance(key, str):
            return
        self._keys -= 1
        if self._keys < 0:
            raise ContentError("it has far too many keys that are no names")
        if isinstance(key, tuple):
            if len(key) > _MAX_KEY_PARTS:
                raise ContentError("a key in it is absurdly long")
            for part in key:
                if not isinstance(part, str):
                    _check_plain_key(part)
        else:
            _check_plain_key(key)

    def check_keys(self, keys: Iterable[object]) -> None:
        """Check many; most are texts."""
        for key in keys:
            if type(key) is not str:
                self.check_key(key)


def _check_plain_key(key: object) -> None:
    if isinstance(key, int) and not -(1 << 60) < key < 1 << 60:
        raise ContentError("a key in it is an absurdly large number")
    if isinstance(key, dict | list | set | frozenset | tuple | bytearray):
        raise ContentError("it is damaged: something that cannot be a key is one")
