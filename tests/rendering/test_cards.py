from pathlib import Path

import pytest
from PIL import Image

from ganstudio.checkpoints.catalogue import describe
from ganstudio.files import user_cache_dir
from ganstudio.rendering.cards import CardMade, ModelCard, card_of, make_card, read_card, thumbnail_path


def made(path: Path) -> ModelCard:
    *_, last = make_card(path, "cpu")
    assert isinstance(last, CardMade)
    return last.card


def test_a_card_and_a_thumbnail_are_kept_until_the_file_changes(tiny_checkpoint: Path) -> None:
    assert read_card(tiny_checkpoint) is None
    card = made(tiny_checkpoint)
    assert card == card_of(describe(tiny_checkpoint)) == read_card(tiny_checkpoint)
    assert (card.note, card.error) == ("MLP, 28 px, grey", "")
    thumbnail = thumbnail_path(tiny_checkpoint)
    assert thumbnail is not None
    with Image.open(thumbnail) as picture:
        assert picture.size == (28, 28)
    tiny_checkpoint.write_bytes(tiny_checkpoint.read_bytes() + b" ")
    assert read_card(tiny_checkpoint) is None


def test_a_file_that_cannot_be_opened_says_why_and_is_not_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "broken.pt"
    path.write_bytes(b"nothing" * 100)
    assert made(path).error
    kept = read_card(path)
    assert kept is not None
    assert kept.note == "cannot be opened"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"family": 5}', b"\xff"])
def test_a_garbled_card_is_none(content: bytes, tiny_checkpoint: Path) -> None:
    made(tiny_checkpoint)
    [place] = (user_cache_dir() / "models").glob("*.json")
    place.write_bytes(content)
    assert read_card(tiny_checkpoint) is None


def test_a_file_that_is_gone_has_no_card(tmp_path: Path) -> None:
    assert read_card(tmp_path / "gone") is None
    assert thumbnail_path(tmp_path / "gone") is None
    assert made(tmp_path / "gone").error
