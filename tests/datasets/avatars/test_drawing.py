import subprocess
import sys

import numpy as np
import pytest

from ganstudio.datasets.avatars.drawing import draw_avatar, draw_avatars
from ganstudio.datasets.avatars.factors import FACTOR_NAMES, FACTORS, sample_factors

# mean colours of the quarters of picture 0 of seed 0
KNOWN_QUARTERS = [[[117.7, 126.0, 143.1], [107.7, 117.4, 135.8]], [[137.7, 134.3, 139.2], [135.0, 132.1, 137.6]]]


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    return np.stack([sample_factors(0, index) for index in range(12)])


def sweep(row: np.ndarray, index: int, steps: int) -> np.ndarray:
    rows = np.repeat(row[None], steps, axis=0)
    rows[:, index] = np.linspace(FACTORS[index].low, FACTORS[index].high, steps)
    return draw_avatars(rows, 32).astype(np.int64)


def test_equal_bytes_at_every_call_and_in_any_company(faces: np.ndarray) -> None:
    batch = draw_avatars(np.tile(faces, (3, 1)), 64)  # more than one chunk
    assert batch.dtype == np.uint8
    assert batch.shape == (36, 64, 64, 3)
    for number in (0, 11, 17, 35):
        assert draw_avatar(faces[number % 12], 64).tobytes() == batch[number].tobytes()


def test_the_known_picture_has_not_changed() -> None:
    # The built-in model learned these pictures: a new drawing needs a new model.
    picture = draw_avatar(sample_factors(0, 0), 64).astype(np.float64)
    quarters = picture.reshape(2, 32, 2, 32, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(quarters, KNOWN_QUARTERS, atol=0.5)  # processors may round a few pixels differently


@pytest.mark.parametrize("index", range(len(FACTORS)), ids=FACTOR_NAMES)
def test_each_factor_shows(faces: np.ndarray, index: int) -> None:
    visible = faces.copy()
    visible[:, FACTOR_NAMES.index("beard")] = 0  # a beard hides much of the mouth and of the age lines
    ends = []
    for value in (FACTORS[index].low, FACTORS[index].high):
        visible[:, index] = value
        ends.append(draw_avatars(visible, 64).astype(np.float64))
    strongest = np.abs(ends[1] - ends[0]).max(axis=-1).reshape(len(faces), -1)
    assert np.median((strongest > 20).sum(axis=1)) >= 12  # of 4096 pixels: an iris is small, but clear


@pytest.mark.parametrize("index", range(len(FACTORS)), ids=FACTOR_NAMES)
def test_a_small_change_of_a_factor_changes_the_picture_a_little(faces: np.ndarray, index: int) -> None:
    for row in faces[:2]:
        change = np.abs(np.diff(sweep(row, index, 201), axis=0))
        assert change.max() <= 20  # an edge between black and white that moves a twelfth of a pixel
        assert change.mean(axis=(1, 2, 3)).max() < 0.6


def test_edges_are_smooth_at_every_size(faces: np.ndarray) -> None:
    fine = draw_avatars(faces, 128).astype(np.float64).reshape(len(faces), 64, 2, 64, 2, 3).mean(axis=(2, 4))
    difference = np.abs(draw_avatars(faces, 64) - fine)
    assert difference.mean() < 1.0
    assert np.quantile(difference, 0.999) < 30


@pytest.mark.parametrize("resolution", [8, 33, 256])
def test_any_size_in_range_is_drawn(faces: np.ndarray, resolution: int) -> None:
    picture = draw_avatar(faces[0], resolution)
    assert picture.shape == (resolution, resolution, 3)
    assert picture.std() > 20


@pytest.mark.parametrize("resolution", [0, 7, 1025])
def test_a_size_out_of_range_is_refused(faces: np.ndarray, resolution: int) -> None:
    with pytest.raises(ValueError, match=f"resolution {resolution} is outside 8 to 1024"):
        draw_avatars(faces, resolution)


def test_no_factors_give_no_pictures() -> None:
    assert draw_avatars(np.zeros((0, len(FACTORS)), np.float32), 16).shape == (0, 16, 16, 3)


def test_factors_out_of_range_draw_the_end_of_the_range(faces: np.ndarray) -> None:
    high = np.array([factor.high for factor in FACTORS], np.float32)
    assert draw_avatar(high + 3, 32).tobytes() == draw_avatar(high, 32).tobytes()


def test_drawing_needs_neither_torch_nor_qt() -> None:
    code = (
        "import sys, ganstudio.datasets.avatars.source\n"
        "sys.exit(any(name.split('.')[0] in ('torch', 'PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
