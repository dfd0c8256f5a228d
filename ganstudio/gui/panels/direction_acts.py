"""What a person does with directions and with the steps along them: each an undoable step of the document."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.project import direction_edits
from ganstudio.project.direction_edits import Key
from ganstudio.project.slider_list import title_of
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import Edit

Layers = tuple[int, int] | None


class DirectionActs:
    """Applies edits and tells what cannot be done.

    Args:
        document: Is edited.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def title_of(self, name: str) -> str:
        """What people call a direction."""
        return title_of(name, self._document.state, self._document.description)

    def apply(self, text: str, edit: Callable[[Project], Project], merge_key: str | None = None) -> bool:
        """Apply an edit; what is wrong with it is told, and nothing changes. Returns whether it went well."""
        try:
            state = edit(self._document.state)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return False
        self._document.apply(text, state, merge_key=merge_key)
        return True

    # Sliders

    def set_strength(self, name: str, strength: float, merge_key: str) -> bool:
        """Go so far along a direction."""
        edit = _later(direction_edits.set_strength, name, strength)
        return self.apply(self.title_of(name), edit, merge_key)

    def rename(self, name: str, title: str) -> None:
        """Call a direction otherwise; "" goes back to its own name."""
        self.apply(f"Rename {self.title_of(name)}", _later(direction_edits.rename_slider, name, title))

    def set_range(self, name: str, low: float | None, high: float | None) -> None:
        """Give a slider other ends; None and None are the direction's own."""
        self.apply(f"Range of {self.title_of(name)}", _later(direction_edits.set_slider_range, name, low, high))

    def lock(self, name: str, is_locked: bool) -> None:
        """Let nothing move a slider, or let it be moved."""
        text = f"{'Lock' if is_locked else 'Unlock'} {self.title_of(name)}"
        self.apply(text, _later(direction_edits.lock_slider, name, is_locked))

    def set_layers(self, name: str, layers: Layers, merge_key: str) -> bool:
        """Let a slider act in these layers only."""
        edit = _later(direction_edits.set_slider_layers, name, layers)
        return self.apply(f"Layers of {self.title_of(name)}", edit, merge_key)

    def add_number(self, name: str, title: str) -> None:
        """Show the slider of a single number of the latent; its being named keeps it on the list."""
        self.apply(f"Add {title}", _later(direction_edits.rename_slider, name, title))

    def remove(self, name: str) -> None:
        """Take a direction of the project, or a single number, off the list."""
        self.apply(f"Remove {self.title_of(name)}", _later(direction_edits.remove_direction, name))

    def move(self, name: str, place: int, order: Sequence[str]) -> None:
        """Put one of the project's own directions elsewhere.

        Args:
            name: The direction.
            place: Its new place among the rows that are shown.
            order: The rows that are shown, in the order they had before; others than own ones may be among them.
        """
        own = [direction.name for direction in self._document.state.directions if direction.name != name]
        after = [one for one in order if one != name][place:]
        following = next((one for one in after if one in own), None)
        before = [one for one in order if one != name and one in own]
        last = own.index(before[-1]) + 1 if before else len(own)
        target = last if following is None else own.index(following)
        self.apply(f"Move {self.title_of(name)}", _later(direction_edits.move_direction, name, target))

    def reset_all(self) -> None:
        """Take all steps away but those whose sliders are locked."""
        self.apply("Reset Sliders", direction_edits.reset_strengths)

    # Steps

    def put(self, text: str, edit: Edit, merge_key: str | None = None) -> bool:
        """Add a step, or take the place of the one for the same layers and class."""
        return self.apply(text, _later(direction_edits.put_edit, edit), merge_key)

    def set_edit_strength(self, key: Key, strength: float, merge_key: str) -> None:
        """Go so far by one step, which stays on the list also where that is not at all."""
        edit = next((edit for edit in self._document.state.look.edits if edit.key == key), None)
        if edit is not None:
            self.put(self.title_of(key[0]), replace(edit, strength=strength), merge_key)

    def duplicate(self, edit: Edit, num_ws: int) -> Edit | None:
        """Add the same step once more for layers that have none yet, of a model with so many; None where all have."""
        taken = {one.layers for one in self._document.state.look.edits if one.direction == edit.direction}
        halves = [(num_ws // 2, num_ws), (0, num_ws // 2), *((layer, layer + 1) for layer in range(num_ws))]
        layers = next((half for half in halves if half not in taken and half[0] < half[1]), None)
        copy = None if layers is None else replace(edit, layers=layers)
        is_done = copy is not None and self.put(f"Duplicate {self.title_of(edit.direction)}", copy)
        return copy if is_done else None

    def change(self, key: Key, text: str, merge_key: str | None = None, **values: Any) -> bool:
        """Change something of a step."""
        said = f"{text} {self.title_of(key[0])}".strip()
        return self.apply(said, lambda project: direction_edits.change_edit(project, key, **values), merge_key)

    def drop(self, key: Key) -> None:
        """Take a step away."""
        self.apply(f"Remove {self.title_of(key[0])}", _later(direction_edits.remove_edit, key))

    def reorder(self, key: Key, place: int) -> None:
        """Take a step as number `place`, 0 the first."""
        self.apply(f"Move {self.title_of(key[0])}", _later(direction_edits.move_edit, key, place))

    def label(self) -> int | None:
        """The class on the canvas; None where the model has none."""
        description, look = self._document.description, self._document.state.look
        classes = description.spec.num_classes if description is not None else 0
        if not classes:
            return None
        return look.seed % classes if look.label is None else look.label


def _later(edit: Callable[..., Project], *values: object) -> Callable[[Project], Project]:
    return lambda project: edit(project, *values)
