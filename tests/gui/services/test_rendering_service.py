import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.catalogue import describe
from ganstudio.gui.document import Document
from ganstudio.gui.services import rendering_service
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project import direction_edits, edits
from ganstudio.rendering.answering import Answer, Ask
from ganstudio.rendering.layer_request import LayerMaps, LayerRequest
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered
from ganstudio.rendering.shelf import RendererShelf

Answerer = Callable[[Ask], Iterator[Answer | None]]
Make = Callable[[RendererShelf], Answerer]


class Gate:
    """Holds the real renderer until it is opened, and keeps what it was asked for."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.asks: list[Ask] = []

    def wrap(self, make: Make) -> Make:
        def make_gated(shelf: RendererShelf) -> Answerer:
            answer = make(shelf)

            def gated(ask: Ask) -> Iterator[Answer | None]:
                self.asks.append(ask)
                assert self.opened.wait(20)
                return answer(ask)

            return gated

        return make_gated


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(rendering_service, "make_answerer", gate.wrap(rendering_service.make_answerer))
    yield gate
    gate.opened.set()


@pytest.fixture
def document(tiny_checkpoint: Path) -> Document:
    document = Document()
    document.open_model(describe(tiny_checkpoint))
    return document


@pytest.fixture
def service(document: Document, qtbot: QtBot) -> Iterator[RenderingService]:
    service = RenderingService(document, "cpu")
    yield service
    service.begin_shutdown()
    qtbot.waitUntil(service.is_shut_down, timeout=20_000)


def shown_looks(service: RenderingService) -> list[tuple[Look, ...]]:
    shown: list[tuple[Look, ...]] = []
    service.picture_ready.connect(lambda rendered: shown.append(rendered.request.looks))
    return shown


def test_the_newest_wish_is_answered_last_and_those_between_are_passed_over(
    gate: Gate, document: Document, service: RenderingService, qtbot: QtBot
) -> None:
    shown = shown_looks(service)
    service.start()
    qtbot.waitUntil(lambda: len(gate.asks) == 1, timeout=20_000)
    for seed in range(1, 9):
        document.apply("Seed", edits.set_seed(document.state, seed))
    gate.opened.set()
    qtbot.waitUntil(lambda: bool(shown) and shown[-1] == (Look(seed=8),), timeout=20_000)
    assert shown == [(Look(seed=0),), (Look(seed=8),)]


def test_thumbnails_never_take_the_place_of_a_waiting_picture(
    gate: Gate, document: Document, service: RenderingService, qtbot: QtBot
) -> None:
    shown = shown_looks(service)
    service.start()
    qtbot.waitUntil(lambda: len(gate.asks) == 1, timeout=20_000)
    first = document.state.look
    document.apply("Seed", edits.set_seed(document.state, 5))
    service.thumbnail(first)
    service.idle.work()  # as if the pause for it had passed
    gate.opened.set()
    qtbot.waitUntil(lambda: shown[-1:] == [(Look(seed=5),)], timeout=20_000)
    qtbot.waitUntil(lambda: service.thumbnail(first) is not None, timeout=20_000)


def test_going_back_while_another_picture_is_drawn_ends_at_the_first(
    gate: Gate, document: Document, service: RenderingService, qtbot: QtBot
) -> None:
    shown = shown_looks(service)
    gate.opened.set()
    service.start()
    qtbot.waitUntil(lambda: len(shown) == 1, timeout=20_000)
    gate.opened.clear()
    document.apply("Seed", edits.set_seed(document.state, 3))
    qtbot.waitUntil(lambda: len(gate.asks) == 2)
    document.undo_stack.undo()
    gate.opened.set()
    qtbot.waitUntil(lambda: len(shown) == 3, timeout=20_000)
    assert shown[-1] == (Look(seed=0),)


def test_an_answer_for_a_replaced_checkpoint_is_dropped(
    gate: Gate, document: Document, service: RenderingService, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    other = tiny_checkpoint.with_name("other.safetensors")
    shutil.copy(tiny_checkpoint, other)
    paths: list[str] = []
    service.picture_ready.connect(lambda rendered: paths.append(rendered.request.checkpoint_path))
    service.start()
    qtbot.waitUntil(lambda: len(gate.asks) == 1, timeout=20_000)
    document.open_model(describe(other))
    gate.opened.set()
    qtbot.waitUntil(lambda: bool(paths), timeout=20_000)
    assert paths == [str(other)]


def test_a_checkpoint_deleted_while_open_goes_on_from_memory(
    document: Document, service: RenderingService, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    shown = shown_looks(service)
    with qtbot.waitSignal(service.picture_ready, timeout=20_000):
        service.start()
    tiny_checkpoint.unlink()
    with qtbot.waitSignal(service.picture_ready, timeout=20_000):
        document.apply("Seed", edits.set_seed(document.state, 1))
    assert shown[-1] == (Look(seed=1),)


def test_a_checkpoint_deleted_before_it_is_drawn_is_told_once(
    document: Document, service: RenderingService, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    errors: list[BaseException] = []
    service.failed.connect(errors.append)
    tiny_checkpoint.unlink()
    with qtbot.waitSignal(service.failed, timeout=20_000):
        service.start()
    answered: list[object] = []
    assert service._worker is not None
    service._worker.failed.connect(lambda *_: answered.append(1))
    document.apply("Seed", edits.set_seed(document.state, 1))
    qtbot.waitUntil(lambda: bool(answered), timeout=20_000)
    assert len(errors) == 1
    assert tiny_checkpoint.name in str(errors[0])


def test_a_file_that_was_written_anew_is_read_anew(
    document: Document, service: RenderingService, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    import torch

    from ganstudio.checkpoints.building import GeneratorFile, save_generator
    from ganstudio.networks.catalogue import NETWORKS

    pictures: list[Rendered] = []
    service.picture_ready.connect(pictures.append)
    with qtbot.waitSignal(service.picture_ready, timeout=20_000):
        service.start()
    architecture = NETWORKS["mlp"]
    config = architecture.config_type(num_classes=3, z_dim=8, hidden=16, layers=1)
    other = architecture.build_generator(config, torch.Generator().manual_seed(9)).eval()
    save_generator(tiny_checkpoint, other, GeneratorFile("mlp", config, ("a", "b", "c"), {}, ()))
    with qtbot.waitSignal(service.picture_ready, timeout=20_000):
        service.refresh()
    assert not np.array_equal(pictures[0].pixels, pictures[1].pixels)


def test_looks_that_went_by_in_a_drag_are_not_drawn_as_thumbnails(
    gate: Gate, document: Document, service: RenderingService, qtbot: QtBot
) -> None:
    service.start()
    qtbot.waitUntil(lambda: len(gate.asks) == 1, timeout=20_000)
    for step in range(1, 6):
        document.apply("Smile", direction_edits.set_strength(document.state, "smile", step / 2), merge_key="drag")
        service.thumbnail(document.state.look)
    passed = replace(document.state.look, edits=(Edit("smile", 1.0),))
    gate.opened.set()
    qtbot.waitUntil(lambda: service.thumbnail(document.state.look) is not None, timeout=20_000)
    service.idle.work()
    assert not service.idle.has_wishes
    assert all(passed not in ask.request.looks for ask in gate.asks)


def test_a_look_into_layers_gives_way_to_the_canvas_and_is_not_begun_twice(
    gate: Gate, document: Document, service: RenderingService, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    shown = shown_looks(service)
    found: list[LayerMaps] = []
    service.layers_ready.connect(found.append)
    service.start()
    qtbot.waitUntil(lambda: len(gate.asks) == 1, timeout=20_000)
    request = LayerRequest(str(tiny_checkpoint), document.state.look, "hidden.0")
    service.ask_layers(LayerRequest(str(tiny_checkpoint), document.state.look, "to_image"))
    service.ask_layers(request)
    service.idle.work()  # as if the pause for it had passed
    gate.opened.set()
    qtbot.waitUntil(lambda: len(shown) == 1, timeout=20_000)
    gate.opened.clear()
    qtbot.waitUntil(lambda: gate.asks[-1].request == request, timeout=20_000)
    service.idle.work()
    document.apply("Seed", edits.set_seed(document.state, 5))
    gate.opened.set()
    qtbot.waitUntil(lambda: shown[-1:] == [(Look(seed=5),)], timeout=20_000)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    assert [maps.layer.name for maps in found] == ["hidden.0"]
    assert [ask.purpose for ask in gate.asks if ask.purpose in ("canvas", "layers")][-3:] == [
        "layers",
        "canvas",
        "layers",
    ]


def test_layers_that_there_are_not_are_told(
    document: Document, service: RenderingService, qtbot: QtBot, tiny_checkpoint: Path
) -> None:
    with qtbot.waitSignal(service.picture_ready, timeout=20_000):
        service.start()
    with qtbot.waitSignal(service.layers_failed, timeout=20_000) as told:
        service.ask_layers(LayerRequest(str(tiny_checkpoint), document.state.look, "blocks.7"))
    assert "no such layer" in str(told.args[1])
