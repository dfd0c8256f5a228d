"""An assembler for pickles: parts are bytes of opcodes that push one value, so any lie can be written down."""

import io
import pickle
import struct
import warnings
import zipfile

import numpy as np


def value(thing) -> bytes:
    """Plain data, as pickle writes it, without frame and STOP."""
    return pickle.dumps(thing, 2)[2:-1]


def name(module: str, attribute: str) -> bytes:
    return f"c{module}\n{attribute}\n".encode()


def stack_name(module: str, attribute: str) -> bytes:
    return value(module) + value(attribute) + b"\x93"


def tuple_of(*parts: bytes) -> bytes:
    return b"(" + b"".join(parts) + b"t"


def list_of(*parts: bytes) -> bytes:
    return b"](" + b"".join(parts) + b"e"


def dict_of(**parts: bytes) -> bytes:
    return b"}(" + b"".join(value(key) + part for key, part in parts.items()) + b"u"


def call(function: bytes, *parts: bytes) -> bytes:
    return function + tuple_of(*parts) + b"R"


def new(cls: bytes, *parts: bytes) -> bytes:
    return cls + tuple_of(*parts) + b"\x81"


def build(target: bytes, state: bytes) -> bytes:
    return target + state + b"b"


def whole(part: bytes, protocol: int = 4) -> bytes:
    return b"\x80" + bytes([protocol]) + part + b"."


def storage(kind="FloatStorage", key="0", count=4, module="torch") -> bytes:
    return tuple_of(value("storage"), name(module, kind), value(key), value("cpu"), value(count)) + b"Q"


def tensor(source: bytes, size=(4,), stride=(1,), offset=0) -> bytes:
    return call(name("torch._utils", "_rebuild_tensor_v2"), source, value(offset), value(size), value(stride),
                value(False), call(name("collections", "OrderedDict")))  # fmt: skip


FLOATS = np.arange(4, dtype=np.float32).tobytes()


def zipped(entries, compression=zipfile.ZIP_STORED) -> bytes:
    """A zip of `(name, bytes)` pairs; names may be double."""
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", compression) as archive:
        warnings.simplefilter("ignore")  # of double names
        for entry, data in entries:
            archive.writestr(zipfile.ZipInfo(entry), data, compression)
    return file.getvalue()


def torch_zip(pickled: bytes, storages=(("0", FLOATS),), folder="archive/", extra=()) -> bytes:
    """A file of torch's since 1.6 around the opcodes of `data.pkl`."""
    entries = [(folder + "data.pkl", pickled), (folder + "byteorder", b"little")]
    entries += [(f"{folder}data/{key}", data) for key, data in storages]
    return zipped([*entries, (folder + "version", b"3\n"), *extra])


MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
SYSTEM = pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, 2)


def torch_stream(pickled: bytes, keys=("0",), data=None, system=SYSTEM) -> bytes:
    """A file of torch's before 1.6 around the opcodes of the object."""
    body = struct.pack("<q", 4) + FLOATS if data is None else data
    return MAGIC + pickle.dumps(1001, 2) + system + pickled + pickle.dumps(list(keys), 2) + body


def wrapped_tensor(pickled: bytes | None = None, **changes) -> bytes:
    """A tensor with its storage as a byte string, as plain pickles of torch tensors have it."""
    stream = torch_stream(whole(storage(), 2) if pickled is None else pickled, **changes)
    return tensor(call(name("torch.storage", "_load_from_bytes"), value_bytes(stream)))


def value_bytes(data: bytes) -> bytes:
    return b"B" + struct.pack("<I", len(data)) + data


def array(data: bytes, shape, code="f4", fortran=False) -> bytes:
    """A numpy array."""
    dtype = build(call(name("numpy", "dtype"), value(code), value(False), value(True)),
                  value((3, "<", None, None, None, -1, -1, 0)))  # fmt: skip
    announced = call(name("numpy.core.multiarray", "_reconstruct"), name("numpy", "ndarray"), value((0,)),
                     value_bytes(b"b"))  # fmt: skip
    return build(announced, tuple_of(value(1), value(shape), dtype, value(fortran), value_bytes(data)))
