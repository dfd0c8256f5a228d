"""A document under a person who does anything: what it must hold is checked after every act.

Beside the document stands the plainest model of undo there is, two lists of states. Every picture that is seen is drawn
with the real renderer, and drawn again, by a new one, after every reopening: the same look must give the same bytes.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.catalogue import describe
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.images import read_recipe as read_values
from ganstudio.project import direction_edits, edits, history, latent_edits
from ganstudio.project.clipboard_texts import edits_text, latent_text, paste, read_pasted
from ganstudio.project.file import read_content, write_project
from ganstudio.project.picture_files import MadePicture, write_picture
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.project.session import read_session, write_session
from ganstudio.project.state import Project
from ganstudio.rendering.latent_numbers import latent_numbers
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.looks.point import latent_point
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

UNDO_LIMIT = 500
NAMES = ("smile", "pca_1")


class DocumentWalk:
    """One document, its files in a folder, and what is expected of it.

    Args:
        checkpoint: A model with the directions "smile" and "pca_1", three classes and a z of 8.
        folder: For its files.
    """

    def __init__(self, checkpoint: Path, folder: Path) -> None:
        self.checkpoint, self.folder = checkpoint, folder
        self.document = Document()
        self.document.open_model(describe(checkpoint))
        self.spec = describe(checkpoint).spec
        self.past: list[Project] = [Project()]
        self.future: list[Project] = []
        self.pictures: dict[object, str] = {}
        self.renderer = Renderer(checkpoint, "cpu")
        self.drawn = self.reopened = 0

    @property
    def state(self) -> Project:
        return self.document.state

    def edit(self, change: Callable[[Project], Project]) -> None:
        """Apply an edit, unless it says that it cannot be made."""
        before = self.state
        try:
            after = change(before)
        except GanStudioError:
            assert self.state is before
            return
        self.document.apply("Edit", after)
        if after != before:
            self._push(before)

    def undo(self) -> None:
        if self.past:
            self.future.append(self.state)
            expected = self.past.pop()
        else:
            expected = self.state
        self.document.undo_stack.undo()
        assert self.state == expected

    def redo(self) -> None:
        if self.future:
            self.past.append(self.state)
            expected = self.future.pop()
        else:
            expected = self.state
        self.document.undo_stack.redo()
        assert self.state == expected

    def save_and_reopen(self) -> None:
        """Through a project file, as a step of undo."""
        path, before = self.folder / "work.ganstudio", self.state
        write_project(path, before, self.document.models)
        self.document.note_saved(path, before)
        assert not self.document.is_modified
        content = read_content(path)
        self.document.open_project("Open", content, path)
        self._push(before)
        assert without_picks(self.state) == without_picks(before)
        self._begin_anew()

    def restart(self) -> None:
        """Through the session, with a new document and nothing to undo."""
        path, before = self.folder / "session.json", self.state
        write_session(path, self.document.session)
        session, path_before = read_session(path), self.document.path
        self.document = Document()
        self.document.learn(describe(self.checkpoint))
        self.document.resume(session)
        assert without_picks(self.state) == without_picks(before)
        assert self.document.path == path_before
        self.past, self.future = [], []
        self._begin_anew()

    def save_and_restore_picture(self, suffix: str) -> None:
        """Through a picture file."""
        before = self.state
        path = self.folder / f"picture.{suffix}"
        recipe = self.document.complete(Recipe(before.look, before.checkpoint))
        write_picture(path, MadePicture(recipe, np.zeros((8, 8, 3), np.uint8)))
        values = read_values(path)
        assert values is not None
        back = read_recipe(values)
        assert (back.look, back.directions) == (before.look, recipe.directions)
        self.edit(lambda state: edits.restore_pictures(edits.set_seed(state, 1), state.checkpoint, back))
        assert self.state.look == before.look

    def copy_and_paste(self) -> None:
        """Through the clipboard's texts."""
        look, texts = self.state.look, [edits_text(self.state)]
        texts.append(latent_text(look, latent_numbers(look, self.spec)))
        self.edit(lambda state: direction_edits.reset_strengths(edits.set_seed(state, 1)))
        for text in texts:
            self.edit(lambda state, text=text: paste(state, read_pasted(text, self.spec)))  # type: ignore[arg-type, misc]
        got = self.state.look
        assert (got.seed, got.point, got.drift, got.edits) == (look.seed, look.point, look.drift, look.edits)

    def check(self) -> None:
        """All that has to be true at any moment."""
        state = self.state
        assert state.entry.is_same(state.look, state.checkpoint)
        assert 0 <= state.history_index < len(state.history)
        assert self.document.undo_stack.canUndo() == bool(self.past)
        assert self.document.undo_stack.canRedo() == bool(self.future)
        own = state.directions_of((state.look,))
        request = RenderRequest(str(self.checkpoint), (state.look,), directions=own)
        pixels = draw_fitting(self.renderer, request).pixels
        digest = hashlib.sha256(pixels.tobytes()).hexdigest()
        assert self.pictures.setdefault((state.look, own), digest) == digest
        self.drawn += 1

    def _push(self, before: Project) -> None:
        self.past = [*self.past, before][-UNDO_LIMIT:]
        self.future = []

    def _begin_anew(self) -> None:
        self.renderer = Renderer(self.checkpoint, "cpu")
        self.reopened += 1


def without_picks(project: Project) -> Project:
    return edits.set_picks(project, ())


def found_direction(seed: int) -> Callable[[Project], Project]:
    """Find a direction and go along it."""
    vector = np.random.default_rng(seed).normal(size=8)
    found = own_direction(DirectionInfo(f"mine {seed}", f"Mine {seed}", -3.0, 3.0, None, "picks"), vector)
    return lambda state: direction_edits.set_strength(direction_edits.add_directions(state, [found]), found.name, 1.0)


def other_latent(seed: int) -> Callable[[Project], Project]:
    """Begin with a latent that no seed stands for."""
    point = latent_point("z", np.random.default_rng(seed).normal(size=8))
    return lambda state: latent_edits.set_point(state, point)


def layered_edit(strength: float, number: int) -> Callable[[Project], Project]:
    """Stack one more edit of a single number of z."""
    return lambda state: direction_edits.put_edit(state, Edit(f"z:{number % 8}", strength, label=number % 3 or None))


def random_edit(kind: int, number: int, value: float) -> Callable[[Project], Project]:
    """One of many edits.

    Args:
        kind: Which.
        number: 0 to 2**32 - 1, for seeds and places.
        value: -1 to 1.
    """
    kinds: tuple[Callable[[Project], Project], ...] = (
        lambda state: edits.set_seed(state, number),
        lambda state: edits.set_seed(state, number, remember=False),
        lambda state: edits.set_truncation(state, 2 * value),
        lambda state: edits.set_label(state, number % 3),
        lambda state: direction_edits.set_strength(state, NAMES[number % 2], 3 * value),
        layered_edit(5 * value, number),
        found_direction(number % 5),
        other_latent(number % 7),
        lambda state: edits.set_blend(state, number, abs(value)),
        direction_edits.reset_strengths,
        edits.reset_look,
        lambda state: direction_edits.lock_slider(state, NAMES[number % 2], value > 0),
        lambda state: direction_edits.move_edit(state, state.look.edits[number % len(state.look.edits)].key, 0)
        if state.look.edits else state,
        lambda state: direction_edits.change_edit(state, state.look.edits[-1].key, is_muted=value > 0)
        if state.look.edits else state,
        lambda state: history.step(state, 1 if value > 0 else -1),
        lambda state: history.show(state, number % len(state.history)),
        lambda state: history.remove(state, number % len(state.history)),
        lambda state: history.rename(state, state.entry, f"Ä {number % 50}"),
        history.toggle_favourite,
        lambda state: history.show_entry(state, state.favourites[number % len(state.favourites)])
        if state.favourites else state,
        lambda state: edits.toggle_examples(state, [state.look], value > 0),
        lambda state: edits.set_grid_side(state, 2 + number % 19),
        lambda state: edits.set_view(state, "grid" if value > 0 else "single"),
    )  # fmt: skip
    return kinds[kind % len(kinds)]
