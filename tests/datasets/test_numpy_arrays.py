import io
import struct
import warnings
import zipfile

import numpy as np
import pytest
from picture_files import colours, shared_file

from ganstudio.datasets import array_source
from ganstudio.datasets.array_layout import choose_labels, choose_pictures, find_layout, find_range, read_classes
from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.catalogue import open_source

RGB = np.stack([colours(10, 12, seed) for seed in range(5)])
GREY = RGB[..., 0]


def save(path, **arrays):
    np.savez(path, **arrays)
    return path


def read_all(source):
    return np.stack([np.asarray(source.read(index)) for index in range(len(source))])


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (GREY, GREY),
        (GREY[..., None], GREY),
        (GREY[:, None], GREY),
        (RGB, RGB),
        (RGB.transpose(0, 3, 1, 2), RGB),
        (GREY[:, :10, :10].reshape(5, 100), GREY[:, :10, :10]),
        (RGB[:, :10, :10].transpose(0, 3, 1, 2).reshape(5, 300), RGB[:, :10, :10]),
        (RGB[0], RGB[:1]),
        (np.asfortranarray(RGB), RGB),
    ],
    ids=["NHW", "NHW1", "N1HW", "NHWC", "NCHW", "flat", "planes", "one picture", "fortran order"],
)
def test_every_layout_comes_back_exactly(tmp_path, array, expected):
    np.save(tmp_path / "a.npy", array)
    np.savez_compressed(tmp_path / "a.npz", images=array)
    for name in ("a.npy", "a.npz"):
        assert np.array_equal(read_all(open_source(tmp_path / name)), expected), name


@pytest.mark.parametrize(
    "array",
    [
        GREY.astype(np.float32) / 255,
        GREY.astype(np.float64) / 127.5 - 1,
        GREY.astype(np.float32),
        GREY.astype(np.float16),
        GREY.astype(np.int64),
        GREY.astype(np.uint16) * 257,
        GREY.astype(">i4"),
    ],
    ids=["0..1", "-1..1", "0..255 float", "half", "int64", "16 bit", "big endian"],
)
def test_every_range_comes_back_as_bytes(tmp_path, array):
    array[0, 0, :2] = array.min(), array.max()
    np.save(tmp_path / "a.npy", array)
    got = read_all(open_source(tmp_path / "a.npy")).astype(int)
    assert np.abs(got - GREY)[1:].max() <= 1


def test_ranges_are_found():
    assert find_range(np.array([0, 1], np.uint8)) == (0, 1)
    assert find_range(np.array([True, False])) == (0, 1)
    assert find_range(np.array([0, 200], np.uint8)) == (0, 255)
    assert find_range(np.array([-0.98, 0.4])) == (-1, 1)
    assert find_range(np.array([-2.1, 2.6])) == (-2.1, 2.6)
    assert find_range(np.array([np.nan, 0.2])) == (0, 1)
    assert find_range(np.array([0, 256], np.uint16)) == (0, 65535)


def test_what_is_no_number_becomes_black(tmp_path):
    array = np.zeros((2, 8, 8), np.float32)
    array[0, 0] = np.nan
    array[1] = 1
    np.save(tmp_path / "a.npy", array)
    got = read_all(open_source(tmp_path / "a.npy"))
    assert got[0].max() == 0
    assert got[1].min() == 255


def test_the_usual_names_are_known(tmp_path):
    labels = np.array([0, 2, 1, 1, 0])
    path = save(tmp_path / "a.npz", x_test=RGB[:2], y_test=labels[:2], x_train=RGB, y_train=labels, noise=np.zeros(9))
    source = open_source(path)
    assert len(source) == 5
    assert [source.label(index) for index in range(5)] == labels.tolist()
    assert source.class_names == ("0", "1", "2")
    assert [skipped.name for skipped in source.left_out] == ["x_test"]


def test_arrays_are_chosen_by_name_then_by_size():
    assert choose_pictures({"arr_1": (9,), "arr_0": (9, 8, 8)}) == "arr_0"
    assert choose_pictures({"big": (90, 8, 8), "Images": (9, 8, 8)}) == "Images"
    assert choose_pictures({"a": (9, 8, 8), "b": (10, 8, 8), "latents": (500, 64)}) == "b"
    assert choose_pictures({"y": (9,), "z": (9, 7)}) is None
    assert choose_labels("arr_0", {"arr_0": (9, 8, 8), "arr_1": (9,)}) == "arr_1"
    assert choose_labels("images", {"images": (9, 8, 8), "labels": (8,)}) is None
    assert find_layout((5, 0, 4)) is None
    assert find_layout((5, 200_000, 200_000)) is None


def test_labels_of_every_form():
    assert read_classes(np.array([[1], [0]])).tolist() == [1, 0]
    assert read_classes(np.eye(3)[[2, 0]]).tolist() == [2, 0]
    assert read_classes(np.array([1.0, 3.0])).tolist() == [1, 3]
    for no_classes in ([0.5, 1.0], [-1, 2], [10**9, 0], [np.nan, 1]):
        assert read_classes(np.array(no_classes)) is None


def test_labels_that_are_no_classes_are_noted(tmp_path):
    source = open_source(save(tmp_path / "a.npz", images=RGB, labels=np.linspace(0, 1, 5)))
    assert source.label(0) is None
    assert "no class numbers" in source.left_out[0].reason


def test_a_large_member_is_mapped_from_a_nameless_file(tmp_path, monkeypatch, own_home):
    monkeypatch.setattr(array_source, "MAX_IN_MEMORY_BYTES", 100)
    path = tmp_path / "a.npz"
    np.savez_compressed(path, images=RGB)
    source = open_source(path)
    assert isinstance(source._content.pixels.base, np.memmap)
    assert np.array_equal(read_all(source), RGB)
    assert [found for found in own_home.rglob("*") if found.is_file()] == []


def test_npy_is_mapped_not_loaded(tmp_path):
    np.save(tmp_path / "a.npy", RGB)
    assert isinstance(open_source(tmp_path / "a.npy")._content.pixels, np.memmap)


class Evil:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was opened",))


def test_pickles_are_never_opened(tmp_path):
    objects = np.array([Evil(), Evil()], dtype=object)
    np.save(tmp_path / "a.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "a.npz", images=objects)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(DatasetError, match="Python objects"):
            open_source(tmp_path / name)
    np.savez(tmp_path / "b.npz", labels=objects, images=RGB)
    source = open_source(tmp_path / "b.npz")
    assert len(source) == 5
    assert "Python objects" in source.left_out[0].reason


def npy_of(shape: str, descr: str = "'|u1'", body: bytes = b"x" * 64, header: str | None = None) -> bytes:
    text = header or f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + body


HOSTILE = {
    "more than there is": npy_of("(1000000, 1000, 1000)"),
    "overflow": npy_of("(4294967296, 4294967296, 4294967296)"),
    "absurd number": npy_of("(" + "9" * 300 + ", 8, 8)"),
    "negative": npy_of("(-1, 8, 8)"),
    "many dimensions": npy_of("(" + "1, " * 60 + ")"),
    "fields": npy_of("(1, 8, 8)", "[('a', '|u1')]"),
    "text": npy_of("(1, 8, 8)", "'<U1'"),
    "objects": npy_of("(1, 8, 8)", "'|O'"),
    "odd width": npy_of("(1, 8, 8)", "'<f3'"),
    "code": npy_of("", header="__import__('os').abort()"),
    "brackets": npy_of("", header="(" * 60_000),
    "cut header": npy_of("(1, 8, 8)")[:40],
    "long header": b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
    "too short": npy_of("(1, 8, 9)"),
    "too long": npy_of("(1, 8, 7)"),
    "empty": npy_of("(0, 8, 8)", body=b""),
    "version": b"\x93NUMPY\x09\x00" + b"\0" * 80,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_arrays_are_refused(tmp_path, data):
    (tmp_path / "a.npy").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", data)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(DatasetError) as caught:
            open_source(tmp_path / name)
        assert caught.value.remedy


def test_a_member_that_packs_impossibly_much_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    promise = npy_of("(1000000, 28, 28)", body=b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", promise + b"\0" * 1000)
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02")
    data[start + 24 : start + 28] = (len(promise) + 784_000_000).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="more than it can hold"):
        open_source(path)


def test_garbled_npz_never_does_more_than_fail(tmp_path):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, images=RGB, labels=np.arange(5))
    data = buffer.getvalue()
    random = np.random.default_rng(4)
    for _ in range(150):
        garbled = bytearray(data)
        for place in random.integers(0, len(data), 4):
            garbled[place] = random.integers(256)
        (tmp_path / "a.npz").write_bytes(garbled)
        try:
            read_all(open_source(tmp_path / "a.npz"))
        except DatasetError:
            continue


def test_a_header_of_python_2_is_read_without_a_warning(tmp_path):
    (tmp_path / "a.npy").write_bytes(npy_of("(1L, 8L, 8L)"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(open_source(tmp_path / "a.npy")) == 1


def test_a_cut_npz_is_refused(tmp_path):
    path = save(tmp_path / "a.npz", images=RGB)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DatasetError, match="damaged or cut off"):
        open_source(path)


def test_fashion_mnist():
    path = shared_file("fashion_mnist/fashion-mnist.npz")
    source = open_source(path)
    with np.load(path, allow_pickle=False) as arrays:
        pixels, labels = arrays["x_train"], arrays["y_train"]
    assert len(source) == 60_000
    assert len(source.class_names) == 10
    for index in (0, 31_415, 59_999):
        assert np.array_equal(np.asarray(source.read(index)), pixels[index])
        assert source.label(index) == labels[index]
