import io
import json
import zipfile

import numpy as np
import pytest
from picture_files import colours, encode, shared_file

from ganstudio.datasets.base import DatasetError, PictureError
from ganstudio.datasets.catalogue import open_source


def pack(path, entries, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def names_of(source):
    return [source.name(index) for index in range(len(source))]


PICTURE = encode(colours())


def test_pictures_are_read_in_place_and_in_order(tmp_path):
    path = pack(tmp_path / "set.zip", {f"{i}.png": encode(colours(seed=i)) for i in (10, 2, 1)})
    source = open_source(path)
    assert names_of(source) == ["1.png", "2.png", "10.png"]
    assert np.array_equal(np.asarray(source.read(2)), colours(seed=10))
    assert [*tmp_path.iterdir()] == [path]
    source.close()


def test_a_zip_is_known_by_its_bytes(tmp_path):
    assert len(open_source(pack(tmp_path / "set.jpg", {"a.png": PICTURE}))) == 1


def test_class_folders_and_hidden_entries(tmp_path):
    entries = {f"set/{kind}/{index}.png": PICTURE for kind in ("b", "a") for index in range(2)}
    entries |= {"__MACOSX/set/a/._0.png": b"junk", "set/.DS_Store": b"junk", "set/a/": b""}
    source = open_source(pack(tmp_path / "set.zip", entries))
    assert source.class_names == ("a", "b")
    assert [source.label(index) for index in range(4)] == [0, 0, 1, 1]
    assert source.left_out == ()


def test_backslashes_of_other_systems_part_folders(tmp_path):
    entries = {f"{kind}\\{index}.png": PICTURE for kind in ("b", "a") for index in range(2)}
    assert open_source(pack(tmp_path / "set.zip", entries)).class_names == ("a", "b")


def test_stylegan_labels(tmp_path):
    entries = {f"00000/img{index:08d}.png": PICTURE for index in range(3)}
    labels = [[name, index % 2] for index, name in enumerate(entries)]
    entries["dataset.json"] = json.dumps({"labels": labels})
    source = open_source(pack(tmp_path / "set.zip", entries))
    assert [source.label(index) for index in range(3)] == [0, 1, 0]
    assert source.class_names == ("0", "1")
    assert len(source) == 3


def test_what_is_no_picture_is_left_out_by_content(tmp_path):
    inner = pack(tmp_path / "inner.zip", {"a.png": PICTURE}).read_bytes()
    entries = {"a": PICTURE, "readme.md": "text", "inner.zip": inner, "empty.png": b"", "../up.png": PICTURE}
    source = open_source(pack(tmp_path / "set.zip", entries | {"/root.png": PICTURE}))
    assert names_of(source) == ["a"]
    reasons = {skipped.name: skipped.reason for skipped in source.left_out}
    assert "not a picture" in reasons["readme.md"]
    assert "archive inside" in reasons["inner.zip"]
    assert "empty" in reasons["empty.png"]
    assert "out of the archive" in reasons["../up.png"]
    assert "out of the archive" in reasons["/root.png"]


def test_encrypted_entries_are_left_out(tmp_path):
    path = pack(tmp_path / "set.zip", {"a.png": PICTURE, "b.png": PICTURE})
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    path.write_bytes(data)
    source = open_source(path)
    assert names_of(source) == ["b.png"]
    assert source.left_out[0].reason == "it is encrypted"


def test_a_damaged_entry_is_one_bad_picture(tmp_path):
    path = pack(tmp_path / "set.zip", {"a.png": PICTURE, "b.png": encode(colours(seed=1))})
    data = bytearray(path.read_bytes())
    data[data.index(PICTURE) + 60] ^= 255
    path.write_bytes(data)
    source = open_source(path)
    with pytest.raises(PictureError, match="damaged"):
        source.read(0)
    assert source.read(1).size == (8, 6)


def test_a_bomb_is_left_out_unopened(tmp_path):
    path = pack(tmp_path / "set.zip", {"bomb.png": b"\0" * (300 << 20), "a.png": PICTURE}, zipfile.ZIP_DEFLATED)
    source = open_source(path)
    assert names_of(source) == ["a.png"]
    assert "too large" in source.left_out[0].reason


def test_an_entry_that_lies_of_its_size_is_left_out(tmp_path):
    path = pack(tmp_path / "set.zip", {"a.png": PICTURE, "b.png": PICTURE}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02")
    data[start + 24 : start + 28] = (200 << 20).to_bytes(4, "little")
    path.write_bytes(data)
    source = open_source(path)
    assert names_of(source) == ["b.png"]
    assert "more than it can hold" in source.left_out[0].reason


def test_a_cut_zip_is_refused(tmp_path):
    path = pack(tmp_path / "set.zip", {"a.png": PICTURE})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DatasetError, match="damaged or cut off"):
        open_source(path)


def test_an_empty_zip_and_one_of_texts_are_refused(tmp_path):
    with pytest.raises(DatasetError, match="nothing in it"):
        open_source(pack(tmp_path / "empty.zip", {}))
    with pytest.raises(DatasetError, match=r"a\.txt"):
        open_source(pack(tmp_path / "texts.zip", {"a.txt": "a"}))


def test_garbled_zips_never_do_more_than_fail(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.png", "b/c.png", "dataset.json", "x"):
            archive.writestr(name, PICTURE)
    data = buffer.getvalue()
    random = np.random.default_rng(2)
    path = tmp_path / "set.zip"
    for _ in range(150):
        garbled = bytearray(data)
        for place in random.integers(4, len(data), 5):
            garbled[place] = random.integers(256)
        path.write_bytes(garbled)
        try:
            source = open_source(path)
        except DatasetError:
            continue
        for index in range(len(source)):
            try:
                source.read(index)
            except PictureError:
                continue
        source.close()


def test_the_fingerprint_follows_the_content_not_the_place(tmp_path):
    first = open_source(pack(tmp_path / "1.zip", {"a.png": PICTURE}))
    same = open_source(pack(tmp_path / "2.zip", {"a.png": PICTURE}))
    other = open_source(pack(tmp_path / "3.zip", {"a.png": encode(colours(seed=1))}))
    assert first.fingerprint() == same.fingerprint() != other.fingerprint()


def test_cifar_has_its_ten_classes():
    source = open_source(shared_file("cifar10/cifar10_jpg.zip"))
    assert len(source) == 60_000
    assert source.class_names[:2] == ("airplane", "automobile")
    assert len(source.class_names) == 10
    assert source.read(59_999).size == (32, 32)
    source.close()


def test_emoji_keep_their_alpha():
    source = open_source(shared_file("emoji/noto_faces_128.zip"))
    assert source.read(0).mode == "RGBA"
    source.close()
