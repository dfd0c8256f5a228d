"""Copies, near copies and outliers among pictures."""

import io

import numpy as np
import pytest
from picture_files import shared_file
from PIL import Image

from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.fitting import PreparationConfig, prepare_one
from ganstudio.datasets.likeness import Likeness, PicturesCompared, compare_pictures


def smooth(count, seed=0, side=32):
    """Pictures of blurred noise: as different from each other as pictures are."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (count, 6, 6, 3), dtype=np.uint8)
    return np.stack([np.asarray(Image.fromarray(one).resize((side, side), Image.Resampling.BICUBIC)) for one in small])


def compressed(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=85, subsampling=0)  # these colours are wilder than photos
    return np.asarray(Image.open(file))


def find(pixels):
    *progress, found = compare_pictures(pixels)
    assert isinstance(found, Likeness)
    shares = [event.share for event in progress if isinstance(event, PicturesCompared)]
    assert shares == sorted(shares)
    return found


def test_different_pictures_are_no_copies():
    assert find(smooth(200)) == Likeness()


def test_copies_and_nearly_copies_are_found_in_groups():
    pixels = smooth(100)
    darker = (pixels[7] * 0.7 + 20).astype(np.uint8)
    found = find(np.concatenate([pixels, pixels[[3, 3]], compressed(pixels[50])[None], darker[None]]))
    assert found.groups == ((3, 100, 101), (7, 103), (50, 102))
    assert found.copies == 2
    assert found.extra() == (100, 101, 102, 103)


def test_a_picture_like_no_other_is_an_outlier():
    random = np.random.default_rng(1)
    base = smooth(1)[0].astype(float)
    alike = np.clip(base + 60 * (smooth(80, seed=2) / 255.0 - 0.5), 0, 255).astype(np.uint8)
    stranger = random.integers(0, 256, (1, 32, 32, 3), dtype=np.uint8)
    assert find(np.concatenate([alike, stranger])).outliers == (80,)


@pytest.mark.parametrize("shape", [(1, 8, 8, 1), (3, 28, 28, 1), (40, 4, 4, 3)])
def test_few_and_tiny_and_empty_pictures_are_compared(shape):
    found = find(np.zeros(shape, np.uint8))
    assert found.copies == shape[0] - 1
    assert len(found.extra()) == shape[0] - 1


def test_plain_pictures_are_alike_where_their_colours_are():
    colours = [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 0, 255), (250, 2, 3)]
    pixels = np.concatenate([np.full((1, 32, 32, 3), colour, np.uint8) for colour in colours])
    assert find(np.concatenate([smooth(100), pixels])).groups == ((102, 104),)


def test_noise_among_photographs_is_told_and_no_photograph_is():
    source = open_source(shared_file("us_congress_faces/us-house_64x64.zip"))
    faces = np.stack([prepare_one(source, index, PreparationConfig(64)) for index in range(len(source))])
    source.close()
    assert find(faces).outliers == ()
    noise = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    assert sorted(find(np.concatenate([noise, faces])).outliers) == [0, 1, 2]
