import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from ganstudio.checkpoints.catalogue import describe
from ganstudio.gui.document import Document
from ganstudio.project import edits
from ganstudio.project.state import Project


@pytest.fixture
def document(qapp: object) -> Document:
    return Document()


def drag(document: Document, values: list[float]) -> None:
    gesture = document.new_gesture("Truncation")
    for value in values:
        document.apply("Truncation", edits.set_truncation(document.state, value), gesture)


def test_one_drag_is_one_step_and_two_drags_are_two(document: Document) -> None:
    drag(document, [0.9, 0.7, 0.5])
    drag(document, [0.4, 0.2])
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.state.look.truncation == 0.5
    document.undo_stack.undo()
    assert document.state == Project()
    document.undo_stack.redo()
    document.undo_stack.redo()
    assert document.state.look.truncation == 0.2


def test_a_drag_that_comes_back_leaves_no_step(document: Document) -> None:
    drag(document, [0.9, 0.5, 1.0])
    assert document.undo_stack.count() == 0
    assert document.state == Project()


def test_steps_without_a_gesture_stay_apart(document: Document) -> None:
    for seed in (3, 5):
        document.apply("New picture", edits.set_seed(document.state, seed))
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.state.look.seed == 3


def test_changed_says_old_and_new_and_says_nothing_when_nothing_changed(document: Document, qtbot: QtBot) -> None:
    before = document.state
    with qtbot.waitSignal(document.changed) as heard:
        document.apply("Truncation", edits.set_truncation(before, 0.5))
    assert heard.args == [before, document.state]
    with qtbot.assertNotEmitted(document.changed):
        document.apply("Truncation", edits.set_truncation(document.state, 0.5))


def test_what_models_are_is_kept_for_undo_and_redo(document: Document, qtbot: QtBot, tiny_checkpoint: Path) -> None:
    description = describe(tiny_checkpoint)
    document.open_model(description)
    tiny_checkpoint.unlink()
    document.undo_stack.undo()
    assert document.description is None
    with qtbot.waitSignal(document.model_changed) as heard:
        document.undo_stack.redo()
    assert heard.args == [description]
    assert document.description == description


def test_a_description_that_comes_late_is_told_once(qapp: object, qtbot: QtBot, tiny_checkpoint: Path) -> None:
    description = describe(tiny_checkpoint)
    document = Document(Project(checkpoint=str(tiny_checkpoint)))
    with qtbot.waitSignal(document.model_changed):
        document.learn(description)
    with qtbot.assertNotEmitted(document.model_changed):
        document.learn(description)
    assert document.undo_stack.count() == 0


def test_a_document_with_many_steps_is_let_go_of_without_a_crash() -> None:
    code = (
        "import gc\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from ganstudio.gui.document import Document\n"
        "from ganstudio.project import edits\n"
        "app = QCoreApplication([])\n"
        "for _ in range(5):\n"
        "    document = Document()\n"
        "    for seed in range(1, 200): document.apply('New', edits.set_seed(document.state, seed))\n"
        "    del document\n"
        "    gc.collect()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_emitting_keeps_the_reference_counts_of_constants(qapp: object) -> None:
    class Emitter(QObject):
        said = Signal(object)

    emitter = Emitter()
    heard: list[object] = []
    emitter.said.connect(heard.append)
    before = [sys.getrefcount(value) for value in (True, False, None)]
    for _ in range(10_000):
        for value in (True, False, None):
            emitter.said.emit(value)
    heard.clear()
    after = [sys.getrefcount(value) for value in (True, False, None)]
    # lost references would make this fall by thousands; a few come and go with whatever else runs
    assert all(abs(was - now) < 1000 for was, now in zip(before, after, strict=True))
