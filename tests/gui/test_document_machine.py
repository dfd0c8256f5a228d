"""Whatever a person does with a document, undo, files, pictures and the clipboard lead back to the same picture."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ganstudio.project import direction_edits
from ganstudio.project.state import HISTORY_LENGTH
from tests.gui.document_walk import NAMES, DocumentWalk, layered_edit, random_edit


class DocumentMachine(RuleBasedStateMachine):
    """Hypothesis does what it likes, and tells the shortest way to what goes wrong."""

    checkpoint: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.walk = DocumentWalk(self.checkpoint, Path(self._folder.name))

    @rule(kind=st.integers(0, 99), number=st.integers(0, 2**32 - 1), value=st.floats(-1, 1))
    def edit(self, kind: int, number: int, value: float) -> None:
        self.walk.edit(random_edit(kind, number, value))

    @rule(count=st.integers(1, 5))
    def undo(self, count: int) -> None:
        for _ in range(count):
            self.walk.undo()

    @rule(count=st.integers(1, 5))
    def redo(self, count: int) -> None:
        for _ in range(count):
            self.walk.redo()

    @rule()
    def save_and_reopen(self) -> None:
        self.walk.save_and_reopen()

    @rule()
    def restart(self) -> None:
        self.walk.restart()

    @rule(suffix=st.sampled_from(["png", "jpg", "webp"]))
    def save_and_restore_picture(self, suffix: str) -> None:
        self.walk.save_and_restore_picture(suffix)

    @rule()
    def copy_and_paste(self) -> None:
        self.walk.copy_and_paste()

    @invariant()
    def holds(self) -> None:
        self.walk.check()

    def teardown(self) -> None:
        self._folder.cleanup()


def test_any_way_leads_back_to_the_same_picture(qapp: object, tiny_checkpoint: Path) -> None:
    machine = type("Machine", (DocumentMachine,), {"checkpoint": tiny_checkpoint})
    few = settings(
        max_examples=10, stateful_step_count=30, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=few)


def test_a_hundred_stacked_edits_are_undone_saved_and_restored(
    qapp: object, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    walk = DocumentWalk(tiny_checkpoint, tmp_path)
    for number in range(8):
        for label in range(3):
            walk.edit(layered_edit(0.05 * (number + label + 1), number + 8 * label))
    for number in range(100):
        walk.edit(lambda state, number=number: direction_edits.put_edit(  # type: ignore[misc]
            state, _edit(number)
        ))  # fmt: skip
        walk.check()
    assert len(walk.state.look.edits) >= 100
    full = walk.state
    for suffix in ("png", "jpg", "webp"):
        walk.save_and_restore_picture(suffix)
    walk.save_and_reopen()
    walk.check()
    for _ in range(300):
        walk.undo()
    assert walk.state.look.edits == ()
    for _ in range(300):
        walk.redo()
    assert walk.state.look == full.look
    walk.restart()
    walk.check()


def _edit(number: int) -> object:
    from ganstudio.rendering.looks.edit import Edit

    return Edit(NAMES[number % 2], 0.01 * (number + 1), layers=(number, number + 1))


def test_more_pictures_than_the_history_holds(qapp: object, tiny_checkpoint: Path, tmp_path: Path) -> None:
    walk = DocumentWalk(tiny_checkpoint, tmp_path)
    for number in range(HISTORY_LENGTH + 5):
        walk.edit(random_edit(0, number, 0.0))
    assert len(walk.state.history) == HISTORY_LENGTH
    walk.save_and_reopen()
    walk.check()


@pytest.mark.parametrize("strength", [20.0, -20.0])
def test_extreme_strengths_draw_no_nan(qapp: object, tiny_checkpoint: Path, tmp_path: Path, strength: float) -> None:
    walk = DocumentWalk(tiny_checkpoint, tmp_path)
    for name in (*NAMES, *(f"z:{number}" for number in range(8))):
        walk.edit(lambda state, name=name: direction_edits.set_strength(state, name, strength))  # type: ignore[misc]
    walk.check()
    assert len(walk.state.look.edits) == 10
    walk.edit(lambda state: direction_edits.set_strength(state, "smile", 21.0))
    assert walk.state.look.strength_of("smile") == strength
