"""Writes ONNX files byte by byte, without the package onnx; numbers of fields as in onnx.proto3."""

import struct

import numpy as np

from ganstudio.checkpoints.onnx.protobuf import write_field, write_varint

TYPES = {"float32": 1, "uint8": 2, "int64": 7, "float16": 10, "float64": 11}


def number(field: int, value: int) -> bytes:
    return write_varint(field << 3) + write_varint(value % (1 << 64))


def text(field: int, value: str) -> bytes:
    return write_field(field, value.encode())


def tensor(name: str, values: np.ndarray, external: dict[str, str] | None = None) -> bytes:
    values = np.asarray(values)
    data = b"".join(number(1, size) for size in values.shape) + number(2, TYPES[values.dtype.name]) + text(8, name)
    if external is None:
        return data + write_field(9, values.tobytes())
    pairs = b"".join(write_field(13, text(1, key) + text(2, value)) for key, value in external.items())
    return data + pairs + number(14, 1)


def typed_tensor(name: str, values: list[float]) -> bytes:
    packed = struct.pack(f"<{len(values)}f", *values)
    return number(1, len(values)) + number(2, 1) + text(8, name) + write_field(4, packed)


def port(name: str, kind: str, *sizes: int | str) -> bytes:
    dims = b"".join(write_field(1, text(2, size) if isinstance(size, str) else number(1, size)) for size in sizes)
    return text(1, name) + write_field(2, write_field(1, number(1, TYPES[kind]) + write_field(2, dims)))


def attribute(name: str, **value) -> bytes:
    if "ints" in value:
        return text(1, name) + b"".join(number(8, part) for part in value["ints"]) + number(20, 7)
    if "graph" in value:
        return text(1, name) + write_field(6, value["graph"]) + number(20, 5)
    return text(1, name) + number(3, value["int"]) + number(20, 2)


def node(operator: str, inputs: list[str], outputs: list[str], *attributes: bytes, domain: str = "") -> bytes:
    data = b"".join(text(1, name) for name in inputs) + b"".join(text(2, name) for name in outputs)
    data += text(4, operator) + b"".join(write_field(5, part) for part in attributes)
    return data + (text(7, domain) if domain else b"")


def graph(nodes: list[bytes], weights: list[bytes], inputs: list[bytes], outputs: list[bytes]) -> bytes:
    parts = ((1, nodes), (5, weights), (11, inputs), (12, outputs))
    return b"".join(write_field(field, part) for field, messages in parts for part in messages) + text(2, "main")


def model(main: bytes, *more: bytes) -> bytes:
    opset = write_field(8, number(2, 17))
    return number(1, 8) + text(2, "test") + write_field(7, main) + opset + b"".join(more)


def linear_generator(  # a matrix, a reshape, a bound: the smallest generator
    weight: np.ndarray, *, ending: str = "Tanh", batch: int | str = "n", last: bool = False, latent: str = "z"
) -> bytes:
    pixels = weight.shape[1]
    side = int((pixels / 3) ** 0.5)
    shape = [-1, side, side, 3] if last else [-1, 3, side, side]
    nodes = [
        node("MatMul", [latent, "weight"], ["flat"]),
        node("Reshape", ["flat", "shape"], ["maps"]),
        node(ending, ["maps"], ["images"]),
    ]
    weights = [tensor("weight", weight), tensor("shape", np.array(shape, np.int64))]
    sizes = shape[1:]
    inputs = [port(latent, "float32", batch, weight.shape[0])]
    return model(graph(nodes, weights, inputs, [port("images", "float32", batch, *sizes)]))
