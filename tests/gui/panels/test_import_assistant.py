"""The import assistant with a search of our own: what it shows, narrows, remembers, and leaves alone."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.base import AssumptionInfo
from ganstudio.checkpoints.errors import AssumptionError
from ganstudio.checkpoints.rebuilding import assumed
from ganstudio.checkpoints.rebuilding.candidates import Candidate, CandidateFound, SearchProgressed
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.panels import import_assistant
from ganstudio.gui.panels.import_assistant import ImportAssistant
from ganstudio.networks.spec import GeneratorSpec

ACTIVATIONS = ("relu", "leaky_relu:0.2", "tanh")


def candidate(activation: str, law: str, confidence: float) -> Candidate:
    infos = (
        AssumptionInfo("activation", "Activation", activation, ACTIVATIONS),
        AssumptionInfo("latent_law", "Latents drawn", law, ("normal", "uniform")),
        AssumptionInfo("resolution", "Picture size", "8", (), told=True),
    )
    pixels = np.full((16, 8, 8, 1), ACTIVATIONS.index(activation) * 80, np.uint8)
    chosen = {"activation": activation, "latent_law": law}
    return Candidate({}, GeneratorSpec(4, 8, 1), chosen, infos, 0.0, confidence, ("smooth",), pixels, {})


class Search:
    """Stands in for the real search, which takes seconds."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []

    def __call__(self, path: Path, fixed: Mapping[str, str]) -> Iterator[Any]:
        self.asked.append(dict(fixed))
        yield SearchProgressed(1, 2)
        kinds = [fixed["activation"]] if "activation" in fixed else list(ACTIVATIONS)
        if fixed.get("latent_law") == "uniform":
            raise AssumptionError(path, "no network of its weights has latent_law=uniform", "assume less")
        for rank, activation in enumerate(kinds):
            yield CandidateFound(rank, candidate(activation, "normal", 0.5 / (rank + 1)))


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Search:
    search = Search()
    monkeypatch.setattr(import_assistant, "search_candidates", search)
    return search


@pytest.fixture
def page(search: Search, window: MainWindow, qtbot: QtBot) -> ImportAssistant:
    window.explore.models.doubted.emit()
    [page] = window.findChildren(ImportAssistant)
    qtbot.waitUntil(lambda: not page.is_searching and len(page.cards) == 3, timeout=20_000)
    return page


def choose(page: ImportAssistant, name: str, value: str) -> None:
    box = page.boxes[name]
    index = box.findData(value)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_candidates_are_shown_best_first_with_what_tells_them_apart(page: ImportAssistant, window: MainWindow) -> None:
    assert page.isVisible()
    assert page.chosen is page.cards[0].proposal
    assert [card.proposal.confidence for card in page.cards] == [0.5, 0.25, 0.5 / 3]
    assert page.cards[1].accessibleName() == "25%: activation leaky_relu:0.2"
    assert set(page.boxes) == {"activation", "latent_law"}
    assert any("the file says it" in label.text() for label in page.findChildren(QLabel))
    window.commands["picture.new"].trigger()  # the page is in nobody's way
    assert window.document.undo_stack.count() == 1


def test_a_choice_is_remembered_for_the_file_and_opened(
    page: ImportAssistant, window: MainWindow, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.cards[1], Qt.MouseButton.LeftButton)
    assert page.boxes["activation"].currentData() == "leaky_relu:0.2"
    with qtbot.waitSignal(page.accepted, timeout=20_000):
        qtbot.mouseClick(page.accept_button, Qt.MouseButton.LeftButton)
    assert assumed.recall(tiny_checkpoint) == {"activation": "leaky_relu:0.2", "latent_law": "normal"}
    wait_opened(window, qtbot)
    assert window.explore.canvas.picture.isVisible()
    assert window.document.state.checkpoint == str(tiny_checkpoint)


def test_fixing_a_choice_searches_again_and_can_be_taken_back(
    page: ImportAssistant, search: Search, qtbot: QtBot
) -> None:
    choose(page, "activation", "tanh")
    qtbot.waitUntil(lambda: len(page.cards) == 1 and not page.is_searching, timeout=20_000)
    assert search.asked[-1] == {"activation": "tanh"}
    choose(page, "activation", "")
    qtbot.waitUntil(lambda: len(page.cards) == 3 and not page.is_searching, timeout=20_000)
    assert search.asked[-1] == {}


def test_a_choice_that_nothing_fits_says_so_and_keeps_what_was_found(
    page: ImportAssistant, search: Search, qtbot: QtBot
) -> None:
    choose(page, "latent_law", "uniform")
    qtbot.waitUntil(lambda: {"latent_law": "uniform"} in search.asked and not page.is_searching, timeout=20_000)
    assert len(page.cards) == 3
    assert any("uniform" in label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_leaving_changes_nothing(
    page: ImportAssistant, window: MainWindow, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    before = window.document.state
    qtbot.mouseClick(page.leave_button, Qt.MouseButton.LeftButton)
    assert window.explore.canvas.picture.isVisible()
    assert window.document.state == before
    assert assumed.recall(tiny_checkpoint) == {}


def test_closing_the_window_during_a_search(window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    def endless(_path: Path, _fixed: object) -> Iterator[Any]:
        while True:
            yield SearchProgressed(1, 2)

    monkeypatch.setattr(import_assistant, "search_candidates", endless)
    window.explore.models.doubted.emit()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)


def test_facts_of_a_guessed_file_offer_another_choice(window: MainWindow, qtbot: QtBot, search: Search) -> None:
    from dataclasses import replace

    description = window.document.description
    assert description is not None
    infos = candidate("relu", "normal", 0.4).infos
    window.document.learn(replace(description, confidence=0.4, warnings=("guessed",), assumptions=infos))
    facts = window.explore.models.facts
    assert dict(facts.rows)["Guessed"] == "activation: relu; latents drawn: normal"
    [button] = [button for button in facts.findChildren(QPushButton) if button.text().startswith("Not Right?")]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    [page] = window.findChildren(ImportAssistant)
    qtbot.waitUntil(lambda: len(page.cards) == 3, timeout=20_000)
