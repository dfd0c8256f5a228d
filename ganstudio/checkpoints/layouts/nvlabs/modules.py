"""One pickled `nn.Module` as data: its class's name, its attributes, its tensors, its children."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.tree import Record, TensorData

MAX_DEPTH = 16
MAX_MODULES = 20_000
_NAME = re.compile(r"[\w.\-]{1,120}")
_BROKEN = "open the file that its maker's program wrote, whole"

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class SavedModule:
    """A module of a file.

    Attributes:
        class_name: What its class is called, without its module.
        attributes: What it kept beside tensors and children, as in the file: check types before use.
        parameters: Its own learned tensors.
        buffers: Its own other tensors.
        children: The modules in it, by name, in order.
    """

    class_name: str
    attributes: dict[str, Any] = field(repr=False)
    parameters: dict[str, TensorData] = field(repr=False)
    buffers: dict[str, TensorData] = field(repr=False)
    children: dict[str, "SavedModule"] = field(repr=False)

    def get(self, name: str, kind: type[T], default: T) -> T:
        """An attribute, or what the module was made with under that name, if it is of type `kind`; else `default`.

        A bool is no int here, and an int counts as a float.
        """
        made_with = self.attributes.get("_init_kwargs")
        for place in (self.attributes, made_with if isinstance(made_with, dict) else {}):
            value = place.get(name)
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
                return value
        return default

    def find(self, *names: str) -> "SavedModule | None":
        """The module at a path of names, or None."""
        module: SavedModule | None = self
        for name in names:
            module = module.children.get(name) if module is not None else None
        return module

    def tensors(self) -> dict[str, TensorData]:
        """All tensors of it and its children by their dotted names, as in a state_dict."""
        return dict(_tensors(self, ""))

    def count_parameters(self) -> int:
        """How many numbers were learned."""
        own = sum(tensor.count for tensor in self.parameters.values())
        return own + sum(child.count_parameters() for child in self.children.values())


def is_module(node: Any) -> bool:
    """Whether a record has what an `nn.Module` keeps."""
    return isinstance(node, Record) and isinstance(node.state, dict) and {"_parameters", "_modules"} <= set(node.state)


def read_module(path: Path, record: Record) -> SavedModule:
    """Make the view of a record.

    Raises:
        CheckpointError: It is nested too deeply, has odd names, or is no module.
    """
    return _Reader(path).read(record, 0)


class _Reader:
    """Counts the modules it makes, so that records that share children cannot grow without end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0

    def read(self, record: Any, depth: int) -> SavedModule:
        self.count += 1
        if not is_module(record) or depth > MAX_DEPTH or self.count > MAX_MODULES:
            raise CheckpointError(self.path, "its networks are not made of modules as they should be", _BROKEN)
        state = record.state
        kept = ("_parameters", "_buffers", "_modules")
        children = {name: self.read(child, depth + 1) for name, child in self._items(state["_modules"])}
        return SavedModule(
            record.class_name.rpartition(".")[2],
            {name: value for name, value in state.items() if name not in kept},
            self._tensors(state["_parameters"]),
            self._tensors(state.get("_buffers")),
            children,
        )

    def _tensors(self, node: Any) -> dict[str, TensorData]:
        return {name: tensor for name, tensor in self._items(node) if isinstance(tensor, TensorData)}

    def _items(self, node: Any) -> Iterator[tuple[str, Any]]:
        if node is None:
            return
        if not isinstance(node, dict):
            raise CheckpointError(self.path, "its networks are not made of modules as they should be", _BROKEN)
        for name, value in node.items():
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise CheckpointError(self.path, f"a part of its networks has the odd name {str(name)[:40]!r}", _BROKEN)
            if value is not None:
                yield name, value


def _tensors(module: SavedModule, prefix: str) -> Iterator[tuple[str, TensorData]]:
    for name, tensor in (module.parameters | module.buffers).items():
        yield prefix + name, tensor
    for name, child in module.children.items():
        yield from _tensors(child, f"{prefix}{name}.")
