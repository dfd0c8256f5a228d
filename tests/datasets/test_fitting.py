import numpy as np
import pytest
from picture_files import colours
from PIL import Image

from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.fitting import BACKGROUNDS, FITS, RESAMPLINGS, PreparationConfig, prepare_picture


def thirds() -> Image.Image:
    """Red, green and blue squares in a row."""
    row = np.zeros((30, 90, 3), np.uint8)
    for index in range(3):
        row[:, 30 * index : 30 * index + 30, index] = 255
    return Image.fromarray(row)


def test_crop_takes_the_middle_square():
    got = prepare_picture(thirds(), PreparationConfig(30, fit="crop"))
    assert (got == [0, 255, 0]).all()
    upright = prepare_picture(thirds().transpose(Image.Transpose.ROTATE_90), PreparationConfig(30, fit="crop"))
    assert (upright == [0, 255, 0]).all()


def test_top_takes_the_heads_of_portraits_and_the_middle_of_what_is_wide():
    upright = prepare_picture(thirds().transpose(Image.Transpose.ROTATE_270), PreparationConfig(30, fit="top"))
    assert (upright == [255, 0, 0]).all()
    assert (prepare_picture(thirds(), PreparationConfig(30, fit="top")) == [0, 255, 0]).all()


def test_fit_keeps_everything_and_squeezes():
    got = prepare_picture(thirds(), PreparationConfig(30, fit="fit", resampling="box"))
    assert (got[:, :10] == [255, 0, 0]).all()
    assert (got[:, 10:20] == [0, 255, 0]).all()
    assert (got[:, 20:] == [0, 0, 255]).all()


def test_pad_keeps_everything_and_the_proportions():
    got = prepare_picture(thirds(), PreparationConfig(30, fit="pad", resampling="box", background="grey"))
    assert (got[:10] == 128).all()
    assert (got[20:] == 128).all()
    assert (got[10:20, :10] == [255, 0, 0]).all()


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("resampling", RESAMPLINGS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1), (7, 5), (64, 64), (333, 90)])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_any_picture_comes_out_in_shape(fit, resampling, channels, size, mode):
    picture = Image.new("RGBA", size, (200, 200, 200, 255)).convert(mode)
    config = PreparationConfig(28, channels, fit, resampling)
    got = prepare_picture(picture, config)
    assert got.shape == (28, 28, channels)
    assert got.dtype == np.uint8
    assert np.abs(got[13, 13].astype(int) - 200).max() <= 1


def test_a_picture_of_the_right_size_is_untouched():
    picture = colours(32, 32)
    for resampling in RESAMPLINGS:
        got = prepare_picture(Image.fromarray(picture), PreparationConfig(32, resampling=resampling))
        assert np.array_equal(got, picture)


def test_box_halves_by_the_mean_of_four():
    picture = colours(64, 64)
    mean = picture.reshape(32, 2, 32, 2, 3).mean(axis=(1, 3))
    got = prepare_picture(Image.fromarray(picture), PreparationConfig(32, resampling="box"))
    assert np.abs(got - mean).max() <= 1  # Pillow rounds after each of its two passes


def test_nearest_enlarges_pixel_art_exactly():
    picture = colours(16, 16)
    got = prepare_picture(Image.fromarray(picture), PreparationConfig(64, resampling="nearest"))
    assert np.array_equal(got, picture.repeat(4, 0).repeat(4, 1))


@pytest.mark.parametrize(("background", "level"), BACKGROUNDS.items())
def test_alpha_is_laid_on_the_background(background, level):
    rgba = np.zeros((8, 8, 4), np.uint8)
    rgba[..., 0] = 200
    rgba[:, 4:, 3] = 255
    rgba[0, 0, 3] = 51  # a fifth
    got = prepare_picture(Image.fromarray(rgba), PreparationConfig(8, background=background))
    assert (got[:, 4:] == [200, 0, 0]).all()
    assert (got[1:, :4] == level).all()
    assert np.abs(got[0, 0] - np.array([0.2 * 200 + 0.8 * level, 0.8 * level, 0.8 * level])).max() <= 1


def test_grey_is_the_usual_weighing_of_colours():
    picture = colours(28, 28)
    got = prepare_picture(Image.fromarray(picture), PreparationConfig(28, channels=1))
    assert np.abs(got[..., 0] - picture @ [0.299, 0.587, 0.114]).max() <= 1
    grey = prepare_picture(Image.fromarray(picture[..., 0]), PreparationConfig(28, channels=3))
    assert np.array_equal(grey, np.repeat(picture[..., :1], 3, axis=2))


@pytest.mark.parametrize(
    "wrong",
    [
        {"resolution": 3},
        {"resolution": 2000},
        {"resolution": 64.0},
        {"channels": 4},
        {"fit": "stretch"},
        {"resampling": "cubic"},
        {"background": "pink"},
    ],
)
def test_impossible_preparations_are_refused(wrong):
    with pytest.raises(DatasetError) as caught:
        PreparationConfig(**wrong)
    assert caught.value.subject in wrong
