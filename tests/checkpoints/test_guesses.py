"""A search is done once for a file: its result is kept, as sure as it was, and dropped when it is garbled."""

from pathlib import Path

import pytest
import torch
from script_networks import Mlp, train_shortly

from ganstudio.checkpoints.base import FORMATS, OpenedFile, SearchingFormat
from ganstudio.checkpoints.catalogue import describe, format_of
from ganstudio.checkpoints.rebuilding import guesses
from ganstudio.checkpoints.rebuilding.candidates import SearchProgressed, search_opened
from ganstudio.files import user_cache_dir
from ganstudio.rendering.opening import ModelDescribed, OpeningProgress, open_model


@pytest.fixture
def script_file(tmp_path: Path) -> Path:
    path = tmp_path / "G.pth"
    torch.save(train_shortly(Mlp()).state_dict(), path)
    return path


def forget_memory() -> None:
    FORMATS["state_dict"]._kept.clear()  # type: ignore[attr-defined]


def test_the_second_time_takes_what_the_first_found(script_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = describe(script_file)
    forget_memory()
    asked: list[dict[str, str]] = []

    def search(file, assumptions):
        asked.append(dict(assumptions))
        return search_opened(file, assumptions)

    monkeypatch.setattr(guesses, "search_opened", search)
    again = describe(script_file)
    assert again.confidence == first.confidence
    assert again.warnings == first.warnings
    assert {info.name: info.value for info in again.assumptions} == {
        info.name: info.value for info in first.assumptions
    }
    assert len(asked) == 1
    assert asked[0]["activation"].startswith("leaky_relu")


STRANGE = b'{"assumptions": {"activation": "what"}, "confidence": 1, "reasons": []}'


@pytest.mark.parametrize("content", [b"", b"[]", b"{", STRANGE, b'{"assumptions": 5}'])
def test_a_garbled_guess_is_searched_for_anew(content: bytes, script_file: Path) -> None:
    first = describe(script_file)
    [place] = (user_cache_dir() / "guesses").glob("*.json")
    place.write_bytes(content)
    forget_memory()
    assert describe(script_file).confidence == first.confidence


def test_the_search_is_seen_while_a_model_is_opened(script_file: Path) -> None:
    file = OpenedFile.open(script_file)
    assert isinstance(format_of(file), SearchingFormat)
    events = list(open_model(file, "cpu"))
    described = next(index for index, event in enumerate(events) if isinstance(event, ModelDescribed))
    searching = [
        event for event in events[:described] if isinstance(event, OpeningProgress) and "finding" in event.doing
    ]
    assert searching
    work = FORMATS["state_dict"].prepare(OpenedFile.open(script_file), {"activation": "relu"})  # type: ignore[attr-defined]
    assert isinstance(next(iter(work)), SearchProgressed)
    work.close()  # ended in the middle: nothing is kept
    assert len(list((user_cache_dir() / "guesses").glob("*.json"))) == 1
