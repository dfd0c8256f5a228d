import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from picture_files import colours, encode

import ganstudio.datasets
from ganstudio.datasets.avatars.drawing import draw_avatars
from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.builtin import AvatarSource
from ganstudio.datasets.catalogue import DATASETS, open_source


def test_every_reader_is_registered():
    folder = Path(ganstudio.datasets.__file__).parent
    with_readers = {path.stem for path in folder.glob("*.py") if "@DATASETS.register" in path.read_text("utf-8")}
    assert with_readers == {"archive", "folder", "idx", "numpy_arrays"}
    assert set(DATASETS.names()) == {"folder", "zip", "npz", "npy", "idx"}
    imported = {type(reader()).__module__.rsplit(".", 1)[-1] for reader in DATASETS.values()}
    assert imported == with_readers


def test_avatars_are_opened_by_a_word():
    source = open_source("avatars:40")
    assert isinstance(source, AvatarSource)
    assert len(source) == 40
    assert len(open_source("avatars")) == 20_000
    assert len(source.class_names) == 4
    assert source.factors(7).shape == (len(source.factor_names),)
    assert np.array_equal(source.draw([7], 32), draw_avatars(source.factors(7)[None], 32))
    assert source.read(7).size == (128, 128)
    assert source.fingerprint() != open_source("avatars:41").fingerprint()


@pytest.mark.parametrize("word", ["avatars:0", "avatars:99999999999"])
def test_no_such_number_of_avatars(word):
    with pytest.raises(DatasetError, match="number of avatars"):
        open_source(word)


def test_a_path_may_be_text(tmp_path):
    (tmp_path / "a.png").write_bytes(encode(colours()))
    assert len(open_source(str(tmp_path))) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"some text", "no pictures"),
        (encode(colours()), "single picture"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
        (b"\x80\x04\x95", "pickle"),
        (gzip.compress(b"text", mtime=0), "gzip"),
        (b"PAR1", "Parquet"),
        (b"\x89HDF\r\n", "HDF5"),
        (b"a" * 257 + b"ustar\0", "tar archive"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
    ],
)
def test_what_cannot_be_opened_says_why_and_what_to_do(tmp_path, data, reason):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=reason) as caught:
        open_source(path)
    assert caught.value.remedy
    assert caught.value.subject == str(path)


def test_what_is_not_there_or_no_file(tmp_path):
    with pytest.raises(DatasetError, match="not there"):
        open_source(tmp_path / "gone")
    with pytest.raises(DatasetError):
        open_source("bad\0name")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DatasetError, match="pipe"):
        open_source(tmp_path / "pipe")


def test_of_a_folder_without_pictures_a_file_in_it_is_proposed(tmp_path):
    (tmp_path / "about.txt").write_text("what this is")
    with pytest.raises(DatasetError, match="no pictures in it") as caught:
        open_source(tmp_path)
    assert caught.value.remedy.startswith("choose one that holds PNG")
    np.savez(tmp_path / "clothes.npz", images=np.zeros((4, 28, 28), np.uint8))
    with pytest.raises(DatasetError) as caught:
        open_source(tmp_path)
    assert caught.value.remedy.startswith("choose the file clothes.npz in it, or one that holds PNG")


def test_the_room_needs_neither_torch_nor_qt():
    code = (
        "import sys, ganstudio.datasets.catalogue, ganstudio.datasets.preparation\n"
        "assert not {'torch', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
