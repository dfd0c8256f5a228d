import gzip
import struct

import numpy as np
import pytest
from picture_files import shared_file

from ganstudio.datasets import array_source
from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.catalogue import open_source

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 9, 7), dtype=np.uint8)
LABELS = np.array([3, 0, 1, 1, 2, 3], np.uint8)


def idx(array: np.ndarray, kind: int = 8) -> bytes:
    return bytes([0, 0, kind, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write(folder, images="train-images-idx3-ubyte", labels="train-labels-idx1-ubyte"):
    for name, array in ((images, PIXELS), (labels, LABELS)):
        if name:
            data = idx(array)
            (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder / images


def read_all(source):
    return np.stack([np.asarray(source.read(index)) for index in range(len(source))])


@pytest.mark.parametrize("images", ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"])
@pytest.mark.parametrize("labels", ["train-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz", ""])
def test_bytes_come_back_exactly_with_their_labels(tmp_path, images, labels):
    source = open_source(write(tmp_path, images, labels))
    assert np.array_equal(read_all(source), PIXELS)
    assert [source.label(index) for index in range(6)] == (LABELS.tolist() if labels else [None] * 6)
    assert source.class_names == (("0", "1", "2", "3") if labels else ())


def test_names_of_older_downloads(tmp_path):
    source = open_source(write(tmp_path, "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"))
    assert source.label(0) == 3


@pytest.mark.parametrize(
    ("kind", "dtype", "factor"), [(0x0B, ">i2", 257 // 2), (0x0C, ">i4", 1), (0x0D, ">f4", 1 / 255), (0x0E, ">f8", 1)]
)
def test_other_kinds_of_numbers(tmp_path, kind, dtype, factor):
    values = np.arange(256).reshape(1, 16, 16)
    (tmp_path / "pictures").write_bytes(idx((values * factor).astype(dtype), kind))
    got = read_all(open_source(tmp_path / "pictures")).astype(int)
    if kind != 0x0B:  # 16-bit is signed here and reaches only half of white
        assert np.abs(got - values).max() <= 1
    else:
        assert np.abs(got - values / 2).max() <= 1


def test_a_labels_file_says_what_to_open_instead(tmp_path):
    write(tmp_path, "train-images-idx3-ubyte.gz")
    with pytest.raises(DatasetError) as caught:
        open_source(tmp_path / "train-labels-idx1-ubyte")
    assert "labels" in caught.value.reason
    assert caught.value.remedy == "open train-images-idx3-ubyte.gz instead"


def test_labels_that_do_not_fit_are_noted(tmp_path):
    path = write(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS[:4]))
    source = open_source(path)
    assert source.label(0) is None
    assert "4 for 6 pictures" in source.left_out[0].reason
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"junk")
    assert open_source(path).label(0) is None


HOSTILE = {
    "cut": idx(PIXELS)[:-1],
    "too long": idx(PIXELS) + b"\0",
    "huge": b"\0\0\x08\x03" + struct.pack(">3I", 2**32 - 1, 2**16, 2**16) + b"\0" * 64,
    "cut header": b"\0\0\x08\x03\0\0",
    "empty": b"\0\0\x08\x03" + struct.pack(">3I", 0, 28, 28),
    "four numbers a picture": idx(np.zeros((6, 5, 5, 5, 1), np.uint8)[..., 0]),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused(tmp_path, data, packed):
    path = tmp_path / "pictures"
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(DatasetError) as caught:
        open_source(path)
    assert caught.value.remedy


def test_a_bomb_is_not_unpacked_past_its_promise(tmp_path):
    path = tmp_path / "pictures.gz"
    path.write_bytes(gzip.compress(idx(PIXELS) + b"\0" * (64 << 20)))
    with pytest.raises(DatasetError, match="more than it promises"):
        open_source(path)


def test_a_cut_gzip_is_refused(tmp_path):
    path = tmp_path / "pictures.gz"
    path.write_bytes(gzip.compress(idx(PIXELS))[:-40])
    with pytest.raises(DatasetError):
        open_source(path)
    path.write_bytes(gzip.compress(b"something else"))
    with pytest.raises(DatasetError, match="gzip"):
        open_source(path)


def test_large_files_are_mapped(tmp_path, monkeypatch):
    monkeypatch.setattr(array_source, "MAX_IN_MEMORY_BYTES", 100)
    path = write(tmp_path, "train-images-idx3-ubyte.gz")
    assert np.array_equal(read_all(open_source(path)), PIXELS)


def test_mnist():
    path = shared_file("mnist/t10k-images-idx3-ubyte.gz")
    source = open_source(path)
    pixels = np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=16).reshape(10_000, 28, 28)
    labels_file = path.with_name("t10k-labels-idx1-ubyte.gz")
    labels = np.frombuffer(gzip.decompress(labels_file.read_bytes()), np.uint8, offset=8)
    assert len(source) == 10_000
    for index in (0, 5_000, 9_999):
        assert np.array_equal(np.asarray(source.read(index)), pixels[index])
        assert source.label(index) == labels[index]
