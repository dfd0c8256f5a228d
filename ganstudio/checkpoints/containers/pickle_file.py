"""Plain pickles: NVlabs' networks, TensorFlow's, GANSpace's, and whatever else was saved with pickle itself."""

import re
from typing import Any

from ganstudio.checkpoints.containers.base import CONTAINERS
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import FileBytes
from ganstudio.checkpoints.pickles.budget import Budget
from ganstudio.checkpoints.pickles.calls import Calls
from ganstudio.checkpoints.pickles.context import Context
from ganstudio.checkpoints.pickles.machine import PickleMachine
from ganstudio.checkpoints.pickles.reader import PickleReader
from ganstudio.checkpoints.pickles.torch_stream import is_torch_stream, read_torch_stream

# the beginnings of protocols 0 and 1, which have no magic: a dict, list or tuple, a name, a text
_OLD_BEGINNING = re.compile(
    rb"[(\]})]*(?:[}\])lt]?[(]?[dl]p\d+\n|[}\])]q.|c[A-Za-z_][\w.]*\r?\n[A-Za-z_][\w.]*\r?\n|i[A-Za-z_][\w.]*\n"
    rb"|\(?[SV]['\"]?[^\n]{0,200}\n(?:p\d+\n|tR|i[A-Za-z_]))",
    re.DOTALL,
)


class PickleContainer:
    """Parses into what was saved, arrays and tensors as `TensorData`."""

    def detect(self, head: bytes) -> bool:
        """See `Container`."""
        modern = len(head) > 2 and head[0] == 0x80 and head[1] <= 5
        is_safetensors = head[4:9] == b"\0\0\0\0{"  # whose first byte, a length, can be that of a pickle
        if is_safetensors or is_torch_stream(head[:64]):
            return False
        return modern or _OLD_BEGINNING.match(head[:1024]) is not None

    def parse(self, file: FileBytes) -> Any:
        """See `Container`."""
        budget = Budget(file.size)
        reader = PickleReader(file.whole)
        calls = Calls(Context(budget, lambda inner: read_torch_stream(inner, budget, nested=True)))
        tree = PickleMachine(reader, calls).run()
        if reader.left:
            raise ContentError(f"{reader.left:,} bytes follow the end of its pickle: it is damaged or made to mislead")
        return tree


CONTAINERS.add("pickle", PickleContainer())
