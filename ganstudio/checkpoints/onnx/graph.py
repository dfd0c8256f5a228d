"""What an ONNX model says of itself: inputs, outputs, steps, and where its weights lie.

Source: onnx/onnx.proto3 of github.com/onnx/onnx (numbers of fields, names of types).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice
from ganstudio.checkpoints.onnx.protobuf import Field, FieldBudget, fields

MAX_DEPTH: Final = 12  # of graphs within steps of graphs
MAX_STEPS: Final = 200_000
_TYPED_FIELDS: Final = (4, 5, 7, 10, 11)

ELEMENT_TYPES: Final = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 9: "bool", 10: "float16",
    11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
    17: "float8_e4m3fn", 19: "float8_e5m2",
}  # fmt: skip
_MODEL_FIELDS: Final = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})


@dataclass(frozen=True)
class Port:
    """An input or output of a model.

    Attributes:
        name: Its name.
        dtype: A name of `ELEMENT_TYPES`, "" for what is no tensor of numbers.
        shape: Sizes; None where they vary, or are not said.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class Step:
    """One operation of a graph.

    Attributes:
        operator: What it does ("Conv", "Tanh" ...).
        domain: Whose operator it is, "" for ONNX itself.
        inputs: Names of what it takes.
        outputs: Names of what it makes.
        has_graph: Whether it holds a graph of its own (loops, branches).
    """

    operator: str
    domain: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    has_graph: bool = False


@dataclass(frozen=True, eq=False)
class StoredTensor:
    """A tensor as a model keeps it; see `weights.py` for its values.

    Attributes:
        name: Its name.
        element_type: Number of its type.
        shape: Sizes.
        message: All of it.
        raw: Its bytes, where it keeps them so.
        typed: Its values as fields, where it keeps them so.
        external: Where its bytes are in another file: location, offset, length; empty where they are here.
    """

    name: str
    element_type: int
    shape: tuple[int, ...]
    message: ByteSlice
    raw: ByteSlice | None
    typed: tuple[Field, ...]
    external: dict[str, str]


@dataclass
class OnnxModel:
    """A model, in the order of the file.

    Attributes:
        inputs: What must be given; weights that are listed as inputs, too, are left out.
        outputs: What it gives.
        weights: Its tensors.
        steps: All operations, those of inner graphs and of functions included.
        opset: Version of ONNX's own operators.
        producer: The program that wrote it.
        function_domains: Domains of functions that the model brings along.
        inner_external: Whether a tensor within a step lies in another file.
        notes: What the producer added, by name.
        graph: The graph's bytes.
    """

    inputs: list[Port] = field(default_factory=list)
    outputs: list[Port] = field(default_factory=list)
    weights: list[StoredTensor] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    opset: int = 0
    producer: str = ""
    function_domains: set[str] = field(default_factory=set)
    inner_external: bool = False
    notes: dict[str, str] = field(default_factory=dict)
    graph: ByteSlice | None = None


# a TensorFlow SavedModel begins likewise, but its second field is a message where ONNX has a producer's name
_SAVED_MODEL = re.compile(rb"\x08\x01\x12[\x80-\xff]{0,4}[\x00-\x7f]\n")


def looks_like_model(head: bytes) -> bool:
    """Whether a file that begins with `head` is an ONNX model: a version number, then only fields that a model has."""
    if len(head) < 4 or head[0] != 0x08 or not 3 <= head[1] <= 30:  # TensorFlow's SavedModel begins alike, with 1
        return False
    if _SAVED_MODEL.match(head):
        return False
    key = head[2]
    return key & 7 in (0, 2) and key >> 3 in _MODEL_FIELDS and key >> 3 != 1


def read_model(data: ByteSlice) -> OnnxModel:
    """Read a model without its weights' values.

    Raises:
        ContentError: It is damaged, or has no graph.
    """
    return _ModelReader().read(data)


class _ModelReader:
    def __init__(self) -> None:
        self._budget = FieldBudget()
        self._model = OnnxModel()

    def read(self, data: ByteSlice) -> OnnxModel:
        model = self._model
        for part in fields(data, self._budget):
            if part.number == 2:
                model.producer = part.text()
            elif part.number == 7:
                if model.graph is not None:
                    raise ContentError("it has two graphs, so it can be read in two ways")
                model.graph = part.bytes_value()
            elif part.number == 8:
                self._read_opset(part.bytes_value())
            elif part.number == 14:
                model.notes |= dict(self._read_pairs(part.bytes_value()))
            elif part.number == 25:
                self._read_function(part.bytes_value())
        if model.graph is None:
            raise ContentError("there is no graph in it")
        self._read_graph(model.graph)
        kept = {tensor.name for tensor in model.weights}
        if len(kept) != len(model.weights):
            raise ContentError("two of its tensors have the same name, so it can be read in two ways")
        model.inputs = [port for port in model.inputs if port.name not in kept]
        return model

    def _read_opset(self, data: ByteSlice) -> None:
        parts = {part.number: part for part in fields(data, self._budget)}
        if (1 not in parts or parts[1].text() in ("", "ai.onnx")) and 2 in parts:
            self._model.opset = parts[2].number_value()

    def _read_function(self, data: ByteSlice) -> None:
        for part in fields(data, self._budget):
            if part.number == 7:
                self._read_step(part.bytes_value(), 0)
            elif part.number == 10:
                self._model.function_domains.add(part.text())

    def _read_graph(self, data: ByteSlice) -> None:
        model = self._model
        for part in fields(data, self._budget):
            if part.number == 1:
                self._read_step(part.bytes_value(), 0)
            elif part.number == 5:
                model.weights.append(self._read_tensor(part.bytes_value()))
            elif part.number == 11:
                model.inputs.append(self._read_port(part.bytes_value()))
            elif part.number == 12:
                model.outputs.append(self._read_port(part.bytes_value()))
            elif part.number == 15:
                raise ContentError("it keeps sparse tensors, which are not read", "export it with dense weights")

    def _read_inner_graph(self, data: ByteSlice, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ContentError("its graphs are nested absurdly deep")
        for part in fields(data, self._budget):
            if part.number == 1:
                self._read_step(part.bytes_value(), depth)
            elif part.number == 5 and self._read_tensor(part.bytes_value()).external:
                self._model.inner_external = True

    def _read_step(self, data: ByteSlice, depth: int) -> None:
        inputs, outputs, operator, domain, has_graph = [], [], "", "", False
        for part in fields(data, self._budget):
            if part.number == 1:
                inputs.append(part.text())
            elif part.number == 2:
                outputs.append(part.text())
            elif part.number == 4:
                operator = part.text()
            elif part.number == 7:
                domain = part.text()
            elif part.number == 5:
                has_graph = self._read_attribute(part.bytes_value(), depth + 1) or has_graph
        self._model.steps.append(Step(operator, domain, tuple(inputs), tuple(outputs), has_graph))
        if len(self._model.steps) > MAX_STEPS:
            raise ContentError(f"it has more than {MAX_STEPS:,} steps")

    def _read_attribute(self, data: ByteSlice, depth: int) -> bool:
        """Look into tensors and graphs of an attribute; returns whether there is a graph."""
        has_graph = False
        for part in fields(data, self._budget):
            if part.number in (5, 10):
                if self._read_tensor(part.bytes_value()).external:
                    self._model.inner_external = True
            elif part.number in (6, 11):
                has_graph = True
                self._read_inner_graph(part.bytes_value(), depth)
        return has_graph

    def _read_tensor(self, data: ByteSlice) -> StoredTensor:
        parts = list(fields(data, self._budget))
        last = {part.number: part for part in parts}
        shape = [size for part in parts if part.number == 1 for size in part.numbers()]
        typed = tuple(part for part in parts if part.number in _TYPED_FIELDS)
        name = last[8].text() if 8 in last else ""
        if len(shape) > 16 or any(not 0 <= size < 1 << 40 for size in shape):
            raise ContentError(f"the size of tensor {name[:80]!r} is impossible")
        external: dict[str, str] = {}
        if 14 in last and last[14].number_value():
            for part in parts:
                external |= dict(self._read_pairs(part.bytes_value())) if part.number == 13 else {}
            if "location" not in external:
                raise ContentError(f"tensor {name[:80]!r} is in another file that is not named")
        element_type = last[2].number_value() if 2 in last else 0
        raw = last[9].bytes_value() if 9 in last else None
        return StoredTensor(name, element_type, tuple(shape), data, raw, typed, external)

    def _read_pairs(self, data: ByteSlice) -> Iterator[tuple[str, str]]:
        parts = {part.number: part.text() for part in fields(data, self._budget)}
        yield parts.get(1, ""), parts.get(2, "")

    def _read_port(self, data: ByteSlice) -> Port:
        name, dtype = "", ""
        shape: tuple[int | None, ...] = ()
        for part in fields(data, self._budget):
            if part.number == 1:
                name = part.text()
            elif part.number == 2:
                for kind in fields(part.bytes_value(), self._budget):
                    if kind.number == 1:
                        dtype, shape = self._read_tensor_type(kind.bytes_value())
        return Port(name, dtype, shape)

    def _read_tensor_type(self, data: ByteSlice) -> tuple[str, tuple[int | None, ...]]:
        dtype = ""
        sizes: list[int | None] = []
        for part in fields(data, self._budget):
            if part.number == 1:
                dtype = ELEMENT_TYPES.get(part.number_value(), "")
            elif part.number == 2:
                sizes = [self._read_size(size.bytes_value()) for size in fields(part.bytes_value(), self._budget)]
        return dtype, tuple(sizes[:32])

    def _read_size(self, data: ByteSlice) -> int | None:
        for part in fields(data, self._budget):
            if part.number == 1:
                size = part.number_value()
                return size if size > 0 else None
        return None
