import os

import numpy as np
import pytest
from picture_files import colours, encode

from ganstudio.datasets.base import DatasetError, PictureError
from ganstudio.datasets.catalogue import open_source


def fill(folder, names, seed=0):
    for index, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(colours(seed=seed + index)))


def names_of(source):
    return [source.name(index) for index in range(len(source))]


def test_pictures_are_found_in_order_at_any_depth(tmp_path):
    fill(tmp_path, ["10.png", "2.png", "deep/er/1.png"])
    source = open_source(tmp_path)
    assert names_of(source) == ["2.png", "10.png", "deep/er/1.png"]
    assert np.array_equal(np.asarray(source.read(1)), colours(seed=0))
    assert source.label(0) is None
    assert source.title == tmp_path.name


def test_class_folders_become_labels(tmp_path):
    fill(tmp_path, [f"{kind}/{index}.png" for kind in ("dog", "cat") for index in range(2)])
    source = open_source(tmp_path)
    assert source.class_names == ("cat", "dog")
    assert [source.label(index) for index in range(4)] == [0, 0, 1, 1]


def test_a_dataset_json_beside_the_pictures_gives_labels(tmp_path):
    fill(tmp_path, ["00000/a.png", "00001/b.png"])
    (tmp_path / "dataset.json").write_text('{"labels": [["00000/a.png", 1], ["00001/b.png", 0]]}')
    source = open_source(tmp_path)
    assert [source.label(0), source.label(1)] == [1, 0]
    assert source.left_out == ()


def test_content_decides_not_the_suffix(tmp_path):
    fill(tmp_path, ["picture.dat", "no_suffix", "wrong.txt"])
    (tmp_path / "notes.md").write_text("hello")
    (tmp_path / "list.csv").write_text("")
    (tmp_path / "liar.png").write_text("no picture at all")
    source = open_source(tmp_path)
    assert names_of(source) == ["liar.png", "no_suffix", "picture.dat", "wrong.txt"]
    assert [skipped.name for skipped in source.left_out] == ["list.csv", "notes.md"]
    assert "empty" in source.left_out[0].reason
    with pytest.raises(PictureError, match="not a picture"):
        source.read(0)


def test_hidden_files_are_passed_over(tmp_path):
    fill(tmp_path, ["a.png", ".hidden.png", ".thumbnails/a.png"])
    assert names_of(open_source(tmp_path)) == ["a.png"]


def test_links_in_a_circle_end(tmp_path):
    fill(tmp_path, ["a.png", "sub/b.png"])
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "sub")
    (tmp_path / "dead.png").symlink_to(tmp_path / "gone.png")
    source = open_source(tmp_path)
    assert sorted(name.split("/")[-1] for name in names_of(source)) == ["a.png", "b.png"]
    assert [skipped.name for skipped in source.left_out] == ["dead.png"]


def test_very_deep_folders_are_walked(tmp_path):
    folder = tmp_path
    for _ in range(300):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(encode(colours()))
    assert len(open_source(tmp_path)) == 1


def test_a_pipe_among_the_files_does_not_hang(tmp_path):
    fill(tmp_path, ["a.png"])
    os.mkfifo(tmp_path / "pipe.png")
    source = open_source(tmp_path)
    assert names_of(source) == ["a.png"]
    assert "pipe" in source.left_out[0].reason


def test_an_empty_folder_says_so(tmp_path):
    with pytest.raises(DatasetError, match="nothing in it"):
        open_source(tmp_path)


def test_a_folder_of_texts_says_what_it_found(tmp_path):
    for name in ("a.txt", "b.txt", "c.md", "d.md"):
        (tmp_path / name).write_text("text")
    with pytest.raises(DatasetError) as caught:
        open_source(tmp_path)
    assert "a.txt" in caught.value.reason
    assert "d.md" not in caught.value.reason
    assert "PNG" in caught.value.remedy


def test_a_picture_that_went_away_is_a_picture_error(tmp_path):
    fill(tmp_path, ["a.png", "b.png"])
    source = open_source(tmp_path)
    (tmp_path / "a.png").unlink()
    with pytest.raises(PictureError, match="cannot be read"):
        source.read(0)


def test_the_fingerprint_follows_the_content(tmp_path):
    fill(tmp_path, ["a.png", "b.png"])
    before = open_source(tmp_path).fingerprint()
    assert open_source(tmp_path).fingerprint() == before
    (tmp_path / "a.png").write_bytes(encode(colours(9, 9)))
    changed = open_source(tmp_path).fingerprint()
    assert changed != before
    (tmp_path / "b.png").rename(tmp_path / "c.png")
    assert open_source(tmp_path).fingerprint() != changed


def test_folders_alike_in_names_sizes_and_times_are_told_apart(tmp_path):
    for folder, level in (("one", 0), ("two", 255)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "a.bmp"
        path.write_bytes(encode(np.full((4, 4), level, np.uint8), "BMP"))
        os.utime(path, ns=(10**18, 10**18))
    one, two = open_source(tmp_path / "one"), open_source(tmp_path / "two")
    assert one.fingerprint() != two.fingerprint()
    before = one.fingerprint()
    path.replace(tmp_path / "one" / "a.bmp")
    assert open_source(tmp_path / "one").fingerprint() != before
