"""Which picture is which between a source and what was prepared of it."""

import numpy as np
import pytest
from PIL import Image

from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.checking import SetChecked, check_set, count_classes, kept_places, places_of
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.preparation import DatasetPrepared, prepare

CONFIG = PreparationConfig(28, 1)


@pytest.fixture
def source(tmp_path):
    """Pictures a to e; b is broken, d is a copy of a."""
    random = np.random.default_rng(0)
    for name in "ace":
        Image.fromarray(random.integers(0, 256, (28, 28), np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    (tmp_path / "d.png").write_bytes((tmp_path / "a.png").read_bytes())
    source = open_source(str(tmp_path))
    yield source
    source.close()


def prepared(source):
    return next(event.dataset for event in prepare(source, CONFIG) if isinstance(event, DatasetPrepared))


def test_what_is_unusable_shifts_the_places(source):
    dataset = prepared(source)
    assert [source.name(place) for place in kept_places(source, dataset)] == ["a.png", "c.png", "d.png", "e.png"]
    assert places_of(("d.png", "a.png"), source, dataset) == [0, 2]
    assert places_of((), source, dataset) == []
    with pytest.raises(DatasetError, match=r"1 of the pictures .* \(z.png\)"):
        places_of(("z.png", "a.png"), source, dataset)


def test_copies_are_named_as_in_the_source(source):
    found = list(check_set(source, CONFIG))[-1]
    assert isinstance(found, SetChecked)
    assert [[picture.name for picture in group] for group in found.groups] == [["a.png", "d.png"]]
    assert found.copies == 1
    assert found.count == 4
    assert (found.groups[0][0].pixels == found.groups[0][1].pixels).all()


def test_classes_are_counted(tmp_path, source):
    assert count_classes(source) == ()
    for name, count in (("x", 3), ("y", 1)):
        (tmp_path / "classes" / name).mkdir(parents=True)
        for number in range(count):
            Image.new("L", (28, 28), number).save(tmp_path / "classes" / name / f"{number}.png")
    classes = open_source(str(tmp_path / "classes"))
    assert dict(zip(classes.class_names, count_classes(classes), strict=True)) == {"x": 3, "y": 1}
    classes.close()
