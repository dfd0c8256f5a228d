"""What films carry of their making: found without a decoder, and refused where it is damaged or hostile."""

import contextlib
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.animation.carried_text import container_of, read_carried
from ganstudio.animation.formats.base import FORMATS, Clip
from ganstudio.errors import GanStudioError
from ganstudio.picture_texts import KEY, PictureTextError
from ganstudio.recognition import RecognitionError, recognise

NAMES = [name for name in FORMATS if FORMATS[name].suffix]
TEXTS = ['{"format": "x"}', '{"long": "%s"}' % ("äöü" * 40_000)]


def write(path: Path, name: str, text: str) -> Path:
    path.touch()
    writer = FORMATS[name].write(path, Clip(32, 32, Fraction(25), 3, text=text), FORMATS[name].config_type())
    for value in range(3):
        writer.add_frame(np.full((32, 32, 3), 80 * value, np.uint8))
    writer.finish()
    writer.close()
    return path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", TEXTS, ids=["short", "long"])
def test_it_is_found_again(tmp_path, name, text):
    assert read_carried(write(tmp_path / "film", name, text)) == text


@pytest.mark.parametrize("name", NAMES)
def test_a_film_without_one_has_none(tmp_path, name):
    assert read_carried(write(tmp_path / "film", name, "")) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_film_that_is_cut_short_or_spoiled_never_breaks(tmp_path, name):
    whole = write(tmp_path / "film", name, TEXTS[1]).read_bytes()
    path = tmp_path / "cut"
    for length in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        with contextlib.suppress(PictureTextError):
            assert read_carried(path) in (None, TEXTS[1])
    random = np.random.default_rng(0)
    for _ in range(60):
        spoiled = bytearray(whole)
        for place in random.integers(0, len(whole), 8):
            spoiled[place] = random.integers(0, 256)
        path.write_bytes(spoiled)
        with contextlib.suppress(PictureTextError):
            read_carried(path)


@given(st.binary(max_size=400), st.sampled_from([b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3", b"GIF89a"]))
def test_anything_after_a_good_beginning_is_read_or_refused(tmp_path_factory, data, head):
    path = tmp_path_factory.mktemp("any") / "film"
    path.write_bytes(head + data)
    with contextlib.suppress(PictureTextError):
        read_carried(path)


def test_an_index_that_claims_to_be_huge_is_refused(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0" + struct.pack(">I4sQ", 1, b"moov", 1 << 60))
    with pytest.raises(PictureTextError, match="far too long"):
        read_carried(path)


def test_films_of_others_are_named_for_what_they_are(tmp_path):
    path = write(tmp_path / "film.safetensors", "mp4", "")
    with pytest.raises(RecognitionError, match="carries no project"):
        recognise(path)
    other = write(tmp_path / "other.mp4", "mp4", '{"look": {}}')
    with pytest.raises(RecognitionError, match="carries no project"):
        recognise(other)


def test_a_hostile_project_in_a_film_is_refused(tmp_path):
    path = write(tmp_path / "film.mp4", "mp4", '{"format": "ganstudio-project", "schema": 2, "history": 7}')
    with pytest.raises(GanStudioError, match="wrong"):
        recognise(path)


def test_containers_are_told_by_their_first_bytes():
    assert container_of(b"\0\0\0\x20ftypqt  ") == "mp4"
    assert container_of(b"\x89PNG\r\n\x1a\nrest") == "picture"
    assert container_of(b"\x80\x04pickle") is None
    assert KEY == "ganstudio"
