"""TorchScript archives as data: the tree of objects, never the program that comes with it."""

import re
from collections.abc import Iterator
from typing import Any

from ganstudio.checkpoints.archives.torch_archive import TORCHSCRIPT
from ganstudio.checkpoints.tree import MAX_DEPTH, Record, TensorData

_MANGLED = re.compile(r"___torch_mangle_\d+\.")
_OWN_PREFIX = "__torch__."


def is_script(tree: Any) -> bool:
    """Whether a tree is a TorchScript archive that says what its objects are."""
    return isinstance(tree, Record) and tree.class_name == TORCHSCRIPT and isinstance(_objects(tree), Record)


def has_program(tree: Record) -> bool:
    """Whether there is a program in it; torch's C++ library saves modules without."""
    code = tree.state.get("code")
    texts = code.values() if isinstance(code, dict) else ()
    return any(isinstance(text, str) and "def " in text for text in texts)


def script_tensors(tree: Record) -> dict[str, TensorData]:
    """All tensors by the names of the attributes that hold them, as in the script's state_dict; then its constants."""
    found = dict(_walk(_objects(tree), (), 0))
    constants = tree.state.get("constants")
    for index, value in enumerate(constants if isinstance(constants, list | tuple) else ()):
        if isinstance(value, TensorData):
            found.setdefault(f"constants.{index}", value)
    return found


def as_module(tree: Record) -> Record:
    """The objects as a pickled module would have them, so that formats of such modules can look at them."""
    return _as_module(_objects(tree), 0)


def notes(tree: Record, name: str) -> bytes:
    """A text that the writer of the archive added beside the program; empty where there is none."""
    extra = tree.state.get("extra")
    data = extra.get(f"extra/{name}") if isinstance(extra, dict) else None
    return data.read() if data is not None and data.size <= 1 << 20 else b""


def _objects(tree: Record) -> Any:
    return tree.state.get("data") if isinstance(tree.state, dict) else None


def _attributes(record: Record) -> dict[str, Any]:
    return record.state if isinstance(record.state, dict) else {}


def _walk(record: Record, place: tuple[str, ...], depth: int) -> Iterator[tuple[str, TensorData]]:
    if depth > MAX_DEPTH:
        return
    for name, value in _attributes(record).items():
        if isinstance(value, TensorData):
            yield ".".join((*place, str(name))), value
        elif isinstance(value, Record):
            yield from _walk(value, (*place, str(name)), depth + 1)


def _as_module(record: Record, depth: int) -> Record:
    attributes = _attributes(record)
    inner = attributes.items() if depth <= MAX_DEPTH else ()
    state: dict[str, Any] = {
        "_parameters": {name: value for name, value in attributes.items() if isinstance(value, TensorData)},
        "_buffers": {},
        "_modules": {name: _as_module(value, depth + 1) for name, value in inner if isinstance(value, Record)},
    }
    plain = {name: value for name, value in attributes.items() if isinstance(value, bool | int | float | str)}
    class_name = _MANGLED.sub("", record.class_name.removeprefix(_OWN_PREFIX))
    return Record(class_name, state={**state, **plain})
