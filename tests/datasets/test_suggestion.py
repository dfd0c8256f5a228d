import numpy as np
import pytest
from picture_files import FilesSource, colours, encode
from PIL import Image

from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.fitting import PreparationConfig, prepare_one
from ganstudio.datasets.suggestion import preview, suggest_labels, suggest_preparation


@pytest.mark.parametrize(
    ("side", "resolution"), [(8, 28), (28, 28), (31, 28), (32, 32), (63, 32), (64, 64), (127, 64), (900, 128)]
)
def test_the_largest_resolution_that_needs_no_enlarging(side, resolution):
    source = FilesSource([encode(colours(side, side + 3))] * 3)
    assert suggest_preparation(source).resolution == resolution


def test_grey_only_where_all_are_grey():
    grey, grey_rgb = encode(colours(32, 32)[..., 0]), encode(np.repeat(colours(32, 32)[..., :1], 3, axis=2))
    jpeg = encode(np.repeat(colours(32, 32)[..., :1], 3, axis=2), "JPEG")
    assert suggest_preparation(FilesSource([grey, grey_rgb, jpeg])).channels == 1
    assert suggest_preparation(FilesSource([grey, encode(colours(32, 32))])).channels == 3


def test_a_transparent_picture_with_hidden_colours_is_judged_by_what_shows():
    rgba = np.dstack([colours(32, 32), np.zeros((32, 32), np.uint8)])
    assert suggest_preparation(FilesSource([encode(rgba)])).channels == 1


def test_bad_pictures_do_not_count():
    assert suggest_preparation(FilesSource([b"", encode(colours(32, 32))])).resolution == 32
    assert suggest_preparation(FilesSource([b"", b"x"])) == PreparationConfig()


def test_avatars_are_64_pixels_in_colour():
    assert suggest_preparation(open_source("avatars:5")) == PreparationConfig(64, 3)


def test_a_preview_shows_what_will_be_fed_in():
    files = [encode(colours(20, 30, seed)) for seed in range(30)]
    files[4] = b"text"
    source = FilesSource(files)
    config = PreparationConfig(16)
    shown = preview(source, config, 30, seed=1)
    assert [name for _, name in shown] == [source.name(index) for index in range(30)]
    for index, (outcome, _) in enumerate(shown):
        if index == 4:
            assert "not a picture" in outcome
        else:
            assert np.array_equal(outcome, prepare_one(source, index, config))


def test_a_preview_reads_no_more_than_it_shows():
    source = FilesSource([encode(Image.new("L", (4, 4)))] * 50)
    first = preview(source, PreparationConfig(8), 6, seed=1)
    assert source.reads == 6
    assert [name for _, name in first] == [name for _, name in preview(source, PreparationConfig(8), 6, seed=1)]
    assert [name for _, name in first] != [name for _, name in preview(source, PreparationConfig(8), 6, seed=2)]


def test_a_preview_of_avatars_is_drawn_at_its_size():
    source = open_source("avatars:5")
    (outcome, name), *_ = preview(source, PreparationConfig(32), 5)
    assert name == "avatar 0"
    assert np.array_equal(outcome, source.draw([0], 32)[0])


def test_a_persons_own_classes_are_learned_and_the_avatars_only_when_asked_for(tmp_path):
    for kind in ("cats", "dogs"):
        (tmp_path / kind).mkdir()
        for name in ("one.png", "two.png"):
            (tmp_path / kind / name).write_bytes(encode(colours(32, 32)))
    assert suggest_labels(open_source(str(tmp_path)))
    assert not suggest_labels(open_source(str(tmp_path / "cats")))
    assert not suggest_labels(open_source("avatars:10"))
