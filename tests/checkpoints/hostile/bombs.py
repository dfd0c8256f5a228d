"""Small files that ask for much: memory, time, depth."""

import struct
import zipfile
from collections.abc import Iterator

import pickle_parts as parts
from pickle_parts import call, name, storage, tensor, torch_zip, value, whole

_MANY = 420_000


def files() -> Iterator[tuple[str, bytes]]:
    """All of them; none is larger than ten megabytes."""
    yield from lengths()
    yield from counts()
    yield from depths()
    yield from references()
    yield from calls()
    yield from packed()


def lengths() -> Iterator[tuple[str, bytes]]:
    """Lengths that are not there."""
    huge, far = struct.pack("<I", (1 << 31) - 1), struct.pack("<Q", 1 << 62)
    for label, part in (
        ("bytes", b"B" + huge), ("bytes8", b"\x8e" + far), ("bytearray8", b"\x96" + far), ("text", b"X" + huge),
        ("text8", b"\x8d" + far), ("string", b"T" + huge), ("negative string", b"T" + struct.pack("<i", -1)),
        ("number", b"\x8b" + huge), ("negative number", b"\x8b" + struct.pack("<i", -1)), ("frame", b"\x95" + far),
        ("no line feed", b"S'" + b"a" * 1000), ("memo", b"Nr" + huge + b"j" + struct.pack("<I", 5)),
        ("real number of megabytes", b"\x8b" + struct.pack("<I", 1 << 20) + b"\x7f" * (1 << 20)),
        ("decimal of megabytes", b"L" + b"9" * (1 << 20) + b"L\n"),
        ("decimal int of megabytes", b"I" + b"9" * (1 << 20) + b"\n"),
        ("decimal place of megabytes", b"Np" + b"9" * (1 << 20) + b"\n"),
    ):  # fmt: skip
        yield f"length, {label}", whole(part)


def counts() -> Iterator[tuple[str, bytes]]:
    """Millions of small things; an empty set takes 216 bytes of memory and one of the file."""
    for label, opcode in (("sets", b"\x8f"), ("lists", b"]"), ("dicts", b"}"), ("marks", b"("), ("tuples", b"N\x85")):
        yield f"millions of {label}", whole(opcode * _MANY)
    yield "millions of nothings", whole(b"(" + b"N" * 3_100_000 + b"t")
    yield "millions of memos", whole(b"N" + b"\x94" * 1_100_000)
    yield "millions of objects", whole(name("models", "A") + b"q\x00" + b"0h\x00)\x81" * _MANY + b"h\x00")
    yield "millions of views", torch_zip(whole(b"](" + storage() + b"q\x010" + b"".join(
        tensor(b"h\x01") for _ in range(30)) + b"e" + value(1) + b"a" * 3_000_000, 2))  # fmt: skip


def depths() -> Iterator[tuple[str, bytes]]:
    """Nested until a walk would fall off the stack."""
    yield "deep lists", whole(b"]" * 100_000 + b"a" * 99_999)
    yield "deep tuples", whole(b")" + b"\x85" * 100_000)
    yield "deep dicts", whole(b"}" + b"K\x01}" * 50_000 + b"s" * 50_000)
    yield "deep objects", whole(name("models", "A") + b"q\x00)\x81" + b"h\x00)\x81" * 20_000 + b"b" * 20_000)
    yield "deep key", whole(b"}" + b")" + b"\x85" * 100_000 + b"Ns")
    yield "deep states", whole(name("models", "A") + b"q\x00)" + b"\x85h\x00\x8c\x01a\x93"[:1] * 5000 + b"R")


def references() -> Iterator[tuple[str, bytes]]:
    """Small things that stand in many places."""
    double = b"".join(b"2q" + bytes([index]) + b"h" + bytes([index]) + b"\x86" for index in range(60))
    yield "a billion laughs of tuples", whole(b")" + double)
    laughs = b"]q\x00" + b"".join(b"](h" + bytes([i]) * 1 + (b"h" + bytes([i])) * 9 + b"eq" + bytes([i + 1])
                                  for i in range(40))  # fmt: skip
    yield "a billion laughs of lists", whole(b"(" + laughs + b"l")
    yield "a billion laughs as a key", whole(b"}(" + b")" + double + b"Nu")
    yield "a billion laughs with a tensor", torch_zip(whole(parts.list_of(tensor(storage())) + b"".join(
        b"q" + bytes([i + 9]) + b"](h" + bytes([i + 9]) + (b"h" + bytes([i + 9])) * 9 + b"e" for i in range(30)), 2))  # fmt: skip
    yield "list in itself", whole(b"]q\x00h\x00a")
    yield "dict in itself", whole(b"}q\x00K\x01h\x00s")
    yield "object in itself", whole(name("models", "A") + b")\x81q\x00}K\x01h\x00sb")
    yield "tuple in itself", whole(b"]q\x00h\x00\x85a")
    colliding = b"".join(
        b"\x8a\x0b" + (index * ((1 << 61) - 1)).to_bytes(11, "little") + b"N" for index in range(60_000)
    )
    yield "colliding keys", whole(b"}(" + colliding + b"u")
    yield "colliding members", whole(b"\x8f(" + colliding.replace(b"N", b"") + b"\x90")
    pairs = b"".join(
        b"K\x01\x8a\x0b" + (index * ((1 << 61) - 1)).to_bytes(11, "little") + b"\x86N" for index in range(60_000)
    )
    yield "colliding pairs", whole(b"}(" + pairs + b"u")
    yield (
        "too many numbers as keys",
        whole(b"}(" + b"".join(b"J" + struct.pack("<i", i) + b"N" for i in range(99_999)) + b"u"),
    )
    shared = b"".join(tensor(b"h\x01", (1 << 20,), (1,)) for _ in range(600))
    yield "one storage in 600 tensors", torch_zip(whole(b"](" + storage(count=1 << 20) + b"q\x01" + shared + b"e", 2),
                                                  (("0", b"\0" * (1 << 22)),))  # fmt: skip


def calls() -> Iterator[tuple[str, bytes]]:
    """Calls that would make something large."""
    number = value(1 << 40)
    for label, part in (
        ("bytes", call(name("builtins", "bytes"), number)), ("bytearray", call(name("builtins", "bytearray"), number)),
        ("list of a range", call(name("builtins", "list"), call(name("builtins", "range"), number))),
        ("tuple of a range", call(name("builtins", "tuple"), call(name("builtins", "range"), number))),
        ("set of a number", call(name("builtins", "set"), number)),
        ("deque of a range", call(name("collections", "deque"), call(name("builtins", "range"), number))),
        ("number of a text", call(name("builtins", "int"), value("9" * 100_000))),
        ("dict of a number", call(name("builtins", "dict"), number)),
        ("ndarray", call(name("numpy", "ndarray"), value((1 << 40,)))),
    ):  # fmt: skip
        yield f"call, {label}", whole(part)


def packed() -> Iterator[tuple[str, bytes]]:
    """Zips that unpack to far more than they are."""
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (40000000,), }".ljust(117) + b"\n"
    npy = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(160_000_000)
    bomb = parts.zipped([("w.npy", npy)], zipfile.ZIP_DEFLATED)
    yield "npz bomb", bomb
    start = bomb.index(b"PK\x01\x02")
    smaller = struct.pack("<I", 1_000_000)
    yield "npz bomb that lies", bomb[:22] + smaller + bomb[26 : start + 24] + smaller + bomb[start + 28 :]
    many = parts.zipped([(f"{index}.npy", npy[:20_000_000]) for index in range(5)], zipfile.ZIP_DEFLATED)
    yield "npz of many bombs", many
    pickled = whole(value(1) + b"0" + value("a" * 1000) * 1 + b"N" * 3_500_000 + b"t", 2)
    yield "packed data.pkl", parts.zipped([("a/data.pkl", pickled)], zipfile.ZIP_DEFLATED)
