"""Files that lie about sizes, places and types, and archives that two programs would read differently."""

import json
import struct
from collections.abc import Iterator

import pickle_parts as parts
from pickle_parts import FLOATS, call, name, storage, tensor, torch_stream, torch_zip, value, whole


def saved(part: bytes) -> bytes:
    return whole(parts.dict_of(weight=part), 2)


def tensors() -> Iterator[tuple[str, bytes]]:
    """A tensor that reaches out of its storage, or is none."""
    data = storage()
    for label, part in (
        ("size beyond", tensor(data, (5,))),
        ("offset beyond", tensor(data, (2,), (1,), 3)),
        ("offset far beyond", tensor(data, (1,), (1,), 1 << 61)),
        ("negative offset", tensor(data, (1,), (1,), -1)),
        ("negative size", tensor(data, (-4,))),
        ("negative stride", tensor(data, (4,), (-1,), 3)),
        ("stride beyond", tensor(data, (2,), (4,))),
        ("stride times size overflows", tensor(data, (1 << 33, 1 << 33), (1 << 33, 1))),
        ("size overflows", tensor(data, (1 << 32, 1 << 32, 0, 1 << 40), (1, 1, 1, 1))),
        ("expanded to four gigabytes", tensor(data, (1 << 30,), (0,))),
        ("expanded to exabytes", tensor(data, (1 << 30, 1 << 30), (0, 0))),
        ("more strides than sizes", tensor(data, (4,), (1, 1))),
        ("seventy dimensions", tensor(data, (1,) * 70, (1,) * 70)),
        ("size of a float", tensor(data, (4.0,))),
        ("size of a bool", tensor(data, (True,))),
        ("size of a text", tensor(data, ("4",))),
        ("size is no tuple", tensor(data, 4)),
        ("offset is a text", tensor(data, (4,), (1,), "0")),
        ("storage is a text", tensor(value("0"))),
        ("storage is a tensor", tensor(tensor(data))),
        ("item of a tensor", tensor(data) + value(0) + value(1) + b"s"),
        ("appended to a tensor", tensor(data) + value(1) + b"a"),
        ("parameter of a text", call(name("torch._utils", "_rebuild_parameter"), value("w"), value(True), value({}))),
        ("quantised", tensor(storage("QInt8Storage"))),
        ("unknown storage", tensor(storage("StrangeStorage"))),
        ("storage of numpy", tensor(storage("ndarray", module="numpy"))),
        ("sparse", call(name("torch._utils", "_rebuild_sparse_tensor"), name("torch", "sparse_coo"), tensor(data))),
        ("without values", call(name("torch._utils", "_rebuild_meta_tensor_no_storage"), value(1))),
        ("storage called", call(name("torch", "FloatStorage"), value(1 << 40))),
        ("tensor called", call(name("torch", "FloatTensor"), value(1 << 40))),
        ("empty called", call(name("torch", "empty"), value((1 << 40,)))),
    ):
        yield f"torch zip, {label}", torch_zip(saved(part))
        yield f"torch stream, {label}", torch_stream(saved(part))


def storages() -> Iterator[tuple[str, bytes]]:
    """Storages that are missing, double, or of another size than said."""
    good = saved(tensor(storage()))
    two = whole(parts.list_of(tensor(storage()), tensor(storage("LongStorage", count=2), (1,))), 2)
    yield "zip, storage missing", torch_zip(good, ())
    yield "zip, storage too short", torch_zip(good, (("0", FLOATS[:-1]),))
    yield "zip, storage too long", torch_zip(good, (("0", FLOATS + b"x"),))
    yield "zip, storage of a huge count", torch_zip(saved(tensor(storage(count=1 << 61))))
    yield "zip, storage of a negative count", torch_zip(saved(tensor(storage(count=-4))))
    yield "zip, storage of a text as count", torch_zip(saved(tensor(storage(count="4"))))
    yield "zip, key leads out", torch_zip(saved(tensor(storage(key="../data.pkl"))))
    yield "zip, two types of one storage", torch_zip(two)
    yield "stream, two types of one storage", torch_stream(two)
    yield "stream, storage too short", torch_stream(good, data=struct.pack("<q", 4) + FLOATS[:-4])
    yield "stream, no storage", torch_stream(good, data=b"")
    yield "stream, more follows", torch_stream(good, data=struct.pack("<q", 4) + FLOATS + b"more")
    yield "stream, other count", torch_stream(good, data=struct.pack("<q", 3) + FLOATS)
    yield "stream, negative count", torch_stream(good, data=struct.pack("<q", -4) + FLOATS)
    yield "stream, keys missing", torch_stream(good, keys=())
    yield "stream, key double", torch_stream(good, keys=("0", "0"))
    yield "stream, key unknown", torch_stream(good, keys=("1",))
    yield "stream, keys no list", torch_stream(good).replace(b"]q\x00X\x01\x00\x00\x000q\x01a.", b"K\x01.")
    yield "stream, system no dict", torch_stream(good, system=whole(value(1), 2))
    yield "stream, huge storage", torch_stream(saved(tensor(storage(count=1 << 50))), data=struct.pack("<q", 1 << 50))
    view = parts.tuple_of(value("storage"), name("torch", "FloatStorage"), value("0"), value("cpu"), value(4),
                          value(("1", 3, 4))) + b"Q"  # fmt: skip
    yield "stream, view beyond", torch_stream(saved(tensor(view)))
    yield "nested, storage too short", whole(parts.wrapped_tensor(data=struct.pack("<q", 4) + FLOATS[:-4]))
    yield "nested, no bytes", whole(tensor(call(name("torch.storage", "_load_from_bytes"), value(4))))
    yield "nested, empty", whole(tensor(call(name("torch.storage", "_load_from_bytes"), parts.value_bytes(b""))))


def arrays() -> Iterator[tuple[str, bytes]]:
    """Numpy arrays whose bytes do not fit."""
    for label, part in (
        ("too short", parts.array(FLOATS, (5,))),
        ("too long", parts.array(FLOATS, (3,))),
        ("negative", parts.array(FLOATS, (-1, -4))),
        ("overflowing", parts.array(FLOATS, (1 << 40, 1 << 40))),
        ("shape of floats", parts.array(FLOATS, (4.0,))),
        ("shape of texts", parts.array(FLOATS, ("4",))),
        ("seventy dimensions", parts.array(b"\0" * 4, (1,) * 70)),
        ("zero times huge", parts.array(b"", (0, 1 << 61, 1 << 61))),
        ("scalar too long", call(name("numpy.core.multiarray", "scalar"),
                                 call(name("numpy", "dtype"), value("f4"), value(False), value(True)),
                                 parts.value_bytes(b"\0" * 8))),
        ("scalar without type", call(name("numpy.core.multiarray", "scalar"), value(1), parts.value_bytes(b"\0"))),
        ("zeros called", call(name("numpy", "zeros"), value((1 << 40,)))),
        ("state of two", parts.build(call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"),
                                          value((0,)), parts.value_bytes(b"b")), value((1, 2)))),
    ):  # fmt: skip
        yield f"array, {label}", saved(part)
    for label, header, data in (
        ("terabytes", "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }", FLOATS),
        ("overflowing", "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", FLOATS),
        ("negative", "{'descr': '<f4', 'fortran_order': False, 'shape': (-4,), }", FLOATS),
        ("too short", "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", FLOATS),
        ("too long", "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", FLOATS),
        ("a program", "{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os').system('x'),), }", FLOATS),
        ("fields", "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4,), }", FLOATS),
        ("texts", "{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", FLOATS),
        ("no header", "", FLOATS),
    ):
        text = header.encode() + b"\n"
        npy = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data
        yield f"npy, {label}", npy
        yield f"npz, {label}", parts.zipped([("w.npy", npy)])
    yield "npy, header of gigabytes", b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 31) + b"{"


def archives() -> Iterator[tuple[str, bytes]]:
    """Zips that are read differently by different programs, or hide something."""
    good = torch_zip(saved(tensor(storage())))
    other = torch_zip(saved(value(1)))
    start, end = good.index(b"PK\x01\x02"), good.rindex(b"PK\x05\x06")
    yield "zip, something before", b"MZ" + good
    yield "zip, pickle before", whole(value(1)) + good
    yield "zip, something behind", good + b"\0"
    yield "zip, zip behind", good + other
    yield "zip, zip before", other + good
    yield "zip, comment", good[:-2] + b"\x04\x00more"
    yield "zip, hidden bytes", good[:start] + b"hidden" + good[start:]
    yield "zip, hidden bytes in a directory", (good[:end] + b"hidden" + good[end:])
    yield "zip, no directory", good[:start]
    yield "zip, directory twice", good[:start] + good[start:end] + good[start:]
    yield "zip, several disks", good[: end + 4] + b"\x01" + good[end + 5 :]
    yield "zip, fewer entries", good[: end + 8] + struct.pack("<HH", 1, 1) + good[end + 12 :]
    yield "zip, more entries", good[: end + 8] + struct.pack("<HH", 9, 9) + good[end + 12 :]
    yield "zip, directory elsewhere", good[: end + 16] + struct.pack("<I", 4) + good[end + 20 :]
    yield "zip, directory far away", good[: end + 16] + struct.pack("<I", 1 << 31) + good[end + 20 :]
    yield "zip, double name", parts.zipped([("a/data.pkl", saved(value(1))), ("a/data.pkl", saved(value(2)))])
    yield "zip, two folders", parts.zipped([("a/data.pkl", saved(value(1))), ("b/data.pkl", saved(value(2)))])
    for label, entry in (("up", "../data.pkl"), ("absolute", "/data.pkl"), ("backslash", "a\\data.pkl"),
                         ("drive", "C:\\data.pkl"), ("long", "a" * 5000 + "/data.pkl")):  # fmt: skip
        yield f"zip, name {label}", parts.zipped([(entry, saved(value(1)))])
    local = good.replace(b"archive/data.pkl", b"archive/data.txt", 1)
    yield "zip, other name before the entry", local
    yield "zip, other name in the directory", good[:start] + good[start:].replace(b"data.pkl", b"data.txt", 1)
    for label, offset, number in (("flags", 6, 1), ("method", 8, 8), ("checksum", 14, 7), ("packed size", 18, 9),
                                  ("size", 22, 9), ("name length", 26, 4), ("extra length", 28, 4)):  # fmt: skip
        changed = bytearray(good)
        changed[offset] ^= number
        yield f"zip, other {label} before the entry", bytes(changed)
    for label, offset, number in (("flags", 8, 1), ("method", 10, 8), ("checksum", 16, 7), ("packed size", 20, 9),
                                  ("size", 24, 9), ("name length", 28, 4), ("offset", 42, 4), ("method 99", 10, 99),
                                  ("extra length", 30, 9), ("disk", 34, 3)):  # fmt: skip
        changed = bytearray(good)
        changed[start + offset] ^= number
        yield f"zip, other {label} in the directory", bytes(changed)
    changed = bytearray(good)
    changed[good.index(FLOATS[4:]) + 2] ^= 0x40
    yield "zip, a weight changed", bytes(changed)
    yield "zip, overlapping", overlapping()
    yield "zip, byte order", good.replace(b"little", b"middle")
    yield "zip, data.pkl goes on", torch_zip(saved(tensor(storage())) + b"more")
    yield "zip, empty", parts.zipped([])
    yield "zip, only a folder", parts.zipped([("a/", b"")])


def overlapping() -> bytes:
    """Two entries of the directory point to the same bytes, as in the better zip bomb (Fifield 2019)."""
    good = parts.zipped([("a/data.pkl", saved(value(1)))])
    start, end = good.index(b"PK\x01\x02"), good.rindex(b"PK\x05\x06")
    central = good[start:end]
    second = central.replace(b"a/data.pkl", b"a/byteorde")
    size = len(central) + len(second)
    return good[:start] + central + second + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 2, 2, size, start, 0)


def safetensors(header, data=FLOATS, size=None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + data


def safetensors_files() -> Iterator[tuple[str, bytes]]:
    def entry(dtype="F32", shape=(4,), begin=0, end=16):
        return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}

    half = [entry(shape=(2,), end=8), entry(shape=(2,), begin=8)]
    for label, content in (
        ("header beyond the file", safetensors({"a": entry()}, size=1 << 20)),
        ("header of exabytes", safetensors({"a": entry()}, size=1 << 60)),
        ("leading blank", safetensors(b" " + json.dumps({"a": entry()}).encode())),
        ("header no JSON", safetensors(b"{'a'}")),
        ("header a list", safetensors(b"{}"[:1] + b"[1]}")),
        ("header deep", safetensors(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}")),
        ("header no text", safetensors(b'{"\xff\xfe":1}')),
        ("double name", safetensors(b'{"a":' + json.dumps(half[0]).encode() + b',"a":'
                                    + json.dumps(half[1]).encode() + b"}")),
        ("double field", safetensors(b'{"a":{"dtype":"F32","shape":[4],"shape":[2,2],"data_offsets":[0,16]}}')),
        ("overlap", safetensors({"a": entry(), "b": entry()})),
        ("hole", safetensors({"a": half[0], "b": entry(shape=(2,), begin=12, end=20)}, FLOATS + b"abcd")),
        ("hole at the beginning", safetensors({"b": half[1]})),
        ("rest", safetensors({"a": half[0]})),
        ("cut short", safetensors({"a": entry(shape=(8,), end=32)})),
        ("size does not fit", safetensors({"a": entry(shape=(3,))})),
        ("overflow", safetensors({"a": entry(shape=(1 << 62, 1 << 62))})),
        ("negative size", safetensors({"a": entry(shape=(-2, -2))})),
        ("negative offset", safetensors({"a": entry(begin=-16, end=0)})),
        ("offsets swapped", safetensors({"a": entry(begin=16, end=0)})),
        ("shape of floats", safetensors({"a": entry(shape=(4.0,))})),
        ("shape of bools", safetensors({"a": {"dtype": "F32", "shape": [True, 4], "data_offsets": [0, 16]}})),
        ("unknown type", safetensors({"a": entry(dtype="F31")})),
        ("type a list", safetensors({"a": {"dtype": ["F32"], "shape": [4], "data_offsets": [0, 16]}})),
        ("entry a number", safetensors({"a": 1})),
        ("field missing", safetensors({"a": {"dtype": "F32", "shape": [4]}})),
        ("notes no texts", safetensors({"a": entry(), "__metadata__": {"k": 1}})),
        ("seventy dimensions", safetensors({"a": entry(shape=(1,) * 70, end=4)}, FLOATS[:4])),
    ):  # fmt: skip
        yield f"safetensors, {label}", content


def files() -> Iterator[tuple[str, bytes]]:
    """All of them."""
    for family in (tensors, storages, arrays, archives, safetensors_files):
        yield from family()
