import json

import pytest

from ganstudio.datasets.labelling import label_by_file, label_by_folders, natural_key


def test_people_count_ten_after_two():
    names = ["b/1.png", "10.png", "2.png", "a10b2", "a2b10", "a2b9", "002.png"]
    assert sorted(names, key=natural_key) == ["002.png", "2.png", "10.png", "a2b9", "a2b10", "a10b2", "b/1.png"]
    natural_key("9" * 60_000)  # a zip may hold such a name, and int() refuses it


def test_folders_that_hold_all_pictures_are_classes():
    names = [f"{folder}/{index}.png" for folder in ("10", "2", "cat") for index in range(3)]
    got = label_by_folders(names)
    assert got.class_names == ("2", "10", "cat")
    assert got.labels == (1, 1, 1, 0, 0, 0, 2, 2, 2)


@pytest.mark.parametrize(
    "names",
    [
        ["a.png", "b.png"],
        ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", "loose.png"],
        ["cat/1.png", "cat/2.png", "cat/3.png"],
        ["00000/1.png", "00000/2.png", "01000/1.png", "01000/2.png"],
        ["monday/1.png", "tuesday/1.png", "wednesday/1.png"],
        [],
    ],
    ids=["none", "loose pictures", "one folder", "numbered parts", "one picture each", "nothing"],
)
def test_folders_that_are_no_classes(names):
    assert label_by_folders(names).labels == ()
    assert label_by_folders(names).class_names == ()


def test_one_folder_around_and_splits_are_looked_through():
    names = [f"set/{split}/{kind}/{i}.png" for split in ("test", "train") for kind in ("x", "y") for i in range(2)]
    got = label_by_folders(names)
    assert got.class_names == ("x", "y")
    assert got.labels == (0, 0, 1, 1, 0, 0, 1, 1)


def test_deeper_folders_belong_to_their_first():
    got = label_by_folders(["cat/a/1.png", "cat/b/2.png", "dog/1.png", "dog/old/2.png"])
    assert got.labels == (0, 0, 1, 1)


def write(labels: object) -> bytes:
    return json.dumps({"labels": labels}).encode()


def test_dataset_json_gives_numbers_or_one_hot_vectors():
    assert label_by_file(["a", "b"], write([["b", 2], ["a", 0]])).labels == (0, 2)
    got = label_by_file(["a", "b"], write([["a", [0, 1, 0]], ["b", [0, 0, 1.0]]]))
    assert got.labels == (1, 2)
    assert got.class_names == ("0", "1", "2")


def test_dataset_json_without_labels():
    got = label_by_file(["a"], b'{"labels": null}')
    assert got.labels == ()
    assert got.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b"[" * 100_000,
        write("x"),
        write([]),
        write([["a"]]),
        write([["a", -1]]),
        write([["a", 10**9]]),
        write([["a", 0.5]]),
        write([["a", True]]),
        write([["a", [0.3, 0.7]]]),
        write([["a", [1, 1]]]),
        write([["other", 1]]),
    ],
)
def test_a_dataset_json_that_cannot_be_used_is_noted(text):
    got = label_by_file(["a"], text)
    assert got.labels == ()
    assert len(got.notes) == 1
    assert "labels are not used" in got.notes[0].reason
