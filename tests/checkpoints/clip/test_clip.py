"""Words and pictures in one space, with a tiny model that was made by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from ganstudio.checkpoints.clip.encoders import DEVIATION, MEAN, ImageEncoder, TextEncoder
from ganstudio.checkpoints.clip.tokens import ClipTokens
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.networks import onnx_session
from tests.checkpoints.clip.tiny_clip import write_image_encoder, write_text_encoder, write_tokens

NEEDS_ONNX = pytest.mark.skipif(not onnx_session.has_runtime(), reason="needs onnxruntime")


@pytest.fixture
def tokens_file(tmp_path: Path) -> Path:
    return write_tokens(tmp_path / "tokenizer.json")


def test_words_become_numbers_by_the_pairs_that_were_learned(tokens_file: Path) -> None:
    vocabulary = json.loads(tokens_file.read_text())["model"]["vocab"]
    tokens = ClipTokens(tokens_file)
    assert tokens.encode("Red  BLUE") == [0, vocabulary["red</w>"], vocabulary["blue</w>"], 1]
    assert tokens.encode("re") == [0, vocabulary["r"], vocabulary["e</w>"], 1]  # no pair that was learned
    assert tokens.encode("do") == [0, 2, 2, 1]
    assert tokens.encode("red!") == [0, vocabulary["red</w>"], 2, 1]
    assert tokens.encode("") == [0, 1]
    assert len(tokens.encode("red " * 5000)) < 1003


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("no json", "no JSON"),
        ("[]", "no vocabulary"),
        ('{"model": {"type": "WordPiece"}}', "byte pairs"),
        ('{"model": {"vocab": {"a": "b"}, "merges": []}}', "damaged"),
        ('{"model": {"vocab": {"a": 1}, "merges": []}}', "none of"),
        ('{"model": {"vocab": {"<s>": 0, "</s>": 1}, "merges": ["a"]}}', "one of its pairs"),
    ],
)
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, content: str, where: str) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(content)
    with pytest.raises(CheckpointError, match=where):
        ClipTokens(path)
    with pytest.raises(CheckpointError, match="cannot be read"):
        ClipTokens(tmp_path / "gone.json")


@NEEDS_ONNX
@pytest.mark.parametrize("batch", ["N", 1], ids=["any", "one"])
def test_pictures_are_encoded_as_clip_takes_them(tmp_path: Path, batch: int | str) -> None:
    encoder = ImageEncoder(write_image_encoder(tmp_path / "image.onnx", 16, batch), 1)
    assert encoder.side == 16
    pictures = np.random.default_rng(0).random((3, 3, 16, 16), np.float32)
    expected = (pictures.mean((2, 3)) - MEAN) / DEVIATION
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(encoder.encode(pictures), expected, atol=1e-5)


@NEEDS_ONNX
@pytest.mark.parametrize("length", ["L", 9], ids=["any", "nine"])
@pytest.mark.parametrize("with_mask", [False, True], ids=["plain", "mask"])
def test_texts_are_encoded(tmp_path: Path, tokens_file: Path, length: int | str, with_mask: bool) -> None:
    path = write_text_encoder(tmp_path / "text.onnx", tokens_file, length, with_mask)
    encoder = TextEncoder(path, ClipTokens(tokens_file), 1)
    np.testing.assert_allclose(encoder.encode("red"), [1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(encoder.encode("red blue"), [0.5**0.5, 0, 0.5**0.5], atol=1e-6)
    np.testing.assert_allclose(encoder.encode("red " * 40), [1, 0, 0], atol=1e-6)
    with pytest.raises(CheckpointError, match="no word of"):
        encoder.encode(" ")


@NEEDS_ONNX
def test_files_that_are_something_else_are_named(tmp_path: Path, tokens_file: Path) -> None:
    image = write_image_encoder(tmp_path / "image.onnx")
    text = write_text_encoder(tmp_path / "text.onnx", tokens_file)
    with pytest.raises(CheckpointError, match="not the numbers of words"):
        TextEncoder(image, ClipTokens(tokens_file), 1)
    with pytest.raises(CheckpointError, match="not pictures alone"):
        ImageEncoder(text, 1)
    (tmp_path / "other.onnx").write_bytes(b"something else")
    with pytest.raises(CheckpointError, match="no ONNX file"):
        ImageEncoder(tmp_path / "other.onnx", 1)
    with pytest.raises(CheckpointError, match="not there"):
        ImageEncoder(tmp_path / "gone.onnx", 1)


def test_without_the_package_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    onnx_session._runtime.cache_clear()
    with pytest.raises(CheckpointError) as caught:
        ImageEncoder(write_image_encoder(tmp_path / "image.onnx"), 1)
    onnx_session._runtime.cache_clear()
    assert "pip install onnxruntime" in caught.value.remedy
