"""The canvas's grid of neighbours: fills as it is drawn; pictures are opened, selected, marked and carried away."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QStandardPaths, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from ganstudio import images
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.pages.pick_bar import PickBar
from ganstudio.gui.picture_export import PictureExport
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.services.picture_saving import PictureSaving
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.picture_browser import PictureBrowser
from ganstudio.gui.widgets.picture_grid import GridItem
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project import edits, history
from ganstudio.project.picture_files import MadePicture
from ganstudio.project.recipe import Recipe, Sheet
from ganstudio.project.state import GRID_SIDES, Project
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered

_KEPT_SIDE = 4096  # pixels of all pictures of a row together that are kept for the screen: as many as the largest has
_MOST_DRAGGED = 16 << 20  # pixels that are written while the hand waits
_HINT = "Click opens, drag selects, + and \N{MINUS SIGN} mark examples"


@dataclass(frozen=True, eq=False)
class _Drawn:
    """A picture of the grid, whole, and at the size that it is looked at."""

    picture: MadePicture
    image: QImage = field(repr=False)

    def is_of(self, look: Look, checkpoint: str | None) -> bool:
        return self.picture.recipe == Recipe(look, checkpoint)


class PictureGridPage(QWidget):
    """Pictures of neighbouring seeds.

    Args:
        document: Says which, how many, and what is selected and marked.
        rendering: Draws them.
        jobs: Runs the saving of many.
        finding: Makes directions of the pictures that are marked.
    """

    def __init__(
        self,
        *,
        document: Document,
        rendering: RenderingService,
        jobs: JobList,
        finding: DirectionFinding,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document, self._rendering = document, rendering
        self.saving = PictureSaving(document, jobs, self)
        self._export = PictureExport(document, self)
        self._drawn: dict[int, _Drawn] = {}
        self._single: Rendered | None = None
        self._gesture = ""
        self.grid = PictureBrowser(parent=self)
        self.grid.setAccessibleName("Pictures of neighbouring seeds")
        self.size_box = self._make_size_box()
        self.words = QLabel(self)
        self.words.setProperty("role", "muted")
        self.pick_bar = PickBar(document=document, finding=finding, parent=self)
        self._lay_out()
        rendering.picture_ready.connect(self._on_picture_ready)
        rendering.part_ready.connect(self._on_part_ready)
        document.changed.connect(self._on_document_changed)
        self.grid.clicked.connect(self.open)
        self.grid.selected.connect(self._on_grid_selected)
        self.grid.dragged_out.connect(self._on_grid_dragged_out)
        self.grid.menu_wanted.connect(self.show_menu)
        if document.state.view == "grid":
            self._show(None, document.state)

    @property
    def is_complete(self) -> bool:
        """Whether every picture is there and as the document wants it now."""
        return self._count_there() == len(self._document.state.grid_looks)

    def sheet(self, places: Sequence[int] = ()) -> MadePicture | None:
        """Some pictures on one sheet: these, else the selected ones, else all; with the recipes of them all.

        Returns:
            None where none is there; one that is not there yet is an empty place.
        """
        wanted = places or self._document.state.picks or range(len(self.grid.items))
        found = {place: self._drawn[place].picture for place in wanted if place in self._drawn}
        if not found:
            return None
        first = next(iter(found.values()))
        if len(wanted) == 1:
            return first
        nothing = np.zeros_like(first.pixels)
        cells = [found[place].pixels if place in found else nothing for place in wanted]
        whole = [place for place, cell in zip(wanted, cells, strict=True) if cell.shape == nothing.shape]
        looks, columns = tuple(self._look_at(place) for place in whole), math.ceil(math.sqrt(len(whole)))
        pixels = images.tile(np.stack([cell for cell in cells if cell.shape == nothing.shape]), columns)
        recipe = Recipe(looks[0], first.recipe.checkpoint, sheet=Sheet(looks, columns))
        return MadePicture(recipe, pixels)

    def open(self, place: int) -> None:
        """Show one picture alone."""
        state = edits.set_view(edits.set_look(self._document.state, self._look_at(place)), "single")
        self._document.apply("Open Picture", state)

    def select_all(self) -> None:
        """Select every picture."""
        self._on_grid_selected(tuple(range(len(self.grid.items))))

    def select_none(self) -> None:
        """Select no picture."""
        self._on_grid_selected(())

    def mark(self, liked: bool, places: Sequence[int] = ()) -> None:
        """Mark pictures as examples, + or −; unmark them where all are marked so.

        Args:
            liked: Mark them +.
            places: Which; else those that are chosen.
        """
        before, looks = self._document.state, self._chosen_looks(places)
        sign = "+" if liked else "−"
        after = edits.toggle_examples(before, looks, liked)
        self._document.apply(f"Mark {sign}", after)
        if before.view == "single":
            kept = after.liked if liked else after.disliked
            text = f"Marked {sign} as an example" if before.look in kept else "No longer an example"
            self._document.announced.emit(text)

    def keep(self, places: Sequence[int] = ()) -> None:
        """Put pictures among the favourites, or take them out where all are there; else those that are chosen."""
        looks = self._chosen_looks(places)
        self._document.apply("Favourite", history.toggle_favourites(self._document.state, looks))

    def ask_and_save(self, places: Sequence[int] = ()) -> None:
        """Ask for a folder and save pictures there, each with its recipe; else the selected ones."""
        pictures = self._pictures(places or self._document.state.picks)
        if not pictures:
            return
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        folder = QFileDialog.getExistingDirectory(self, f"Folder for {say_count(len(pictures))}", start)
        if folder:
            self.saving.start(Path(folder), pictures, self._rendering.device)

    def copy(self, places: Sequence[int] = ()) -> None:
        """Put the sheet of some pictures on the clipboard; else as `sheet` chooses."""
        made = self.sheet(places)
        if made is not None:
            count = len(places or self._document.state.picks or self.grid.items)
            self._export.copy(made, say_count(count).capitalize())

    def show_menu(self, place: int, at: QPoint) -> None:
        """Show what can be done with a picture, or with all selected ones where it is one of them."""
        picks = self._document.state.picks
        places = picks if place in picks else (place,)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, run in (
            ("Open\tReturn", partial(self.open, place)),
            ("", None),
            ("Mark as +", partial(self.mark, True, places)),
            ("Mark as −", partial(self.mark, False, places)),
            ("Favourite", partial(self.keep, places)),
            ("", None),
            ("Save Selected…" if len(places) > 1 else "Save…", partial(self.ask_and_save, places)),
            ("Copy\tCtrl+C", partial(self.copy, places)),
        ):
            if run is None:
                menu.addSeparator()
            else:
                menu.addAction(text, run)
        menu.popup(at)

    def _chosen_looks(self, places: Sequence[int]) -> tuple[Look, ...]:
        """What an act is about: the places named, else the selected ones, else where the keys are."""
        state = self._document.state
        if state.view == "single":
            return (state.look,)
        at_keys = () if self.grid.current is None else (self.grid.current,)
        return tuple(self._look_at(place) for place in places or state.picks or at_keys)

    def _look_at(self, place: int) -> Look:
        """How the picture that is seen at a place is made; what it will be where none is seen."""
        drawn = self._drawn.get(place)
        return self._document.state.grid_looks[place] if drawn is None else drawn.picture.recipe.look

    def _pictures(self, places: Iterable[int]) -> list[MadePicture]:
        return [self._drawn[place].picture for place in places if place in self._drawn]

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.words, 1)
        row.addWidget(self.size_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self.pick_bar)
        layout.addWidget(self.grid, 1)
        layout.addLayout(row)

    def _make_size_box(self) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName("Size of the grid")
        box.setToolTip("How many pictures the grid shows")
        for side in range(GRID_SIDES[0], GRID_SIDES[1] + 1):
            box.addItem(f"{side * side} pictures", side)
        box.setMaxVisibleItems(box.count())
        box.setCurrentIndex(box.findData(self._document.state.grid_side))
        box.activated.connect(self._on_size_activated)
        return box

    def _on_size_activated(self, index: int) -> None:
        state = edits.set_grid_side(self._document.state, self.size_box.itemData(index))
        self._document.apply("Grid Size", state)

    def _on_grid_selected(self, places: tuple[int, ...], goes_on: bool = False) -> None:
        if not goes_on or not self._gesture:
            self._gesture = self._document.new_gesture("selection")
        self._document.apply("Select", edits.set_picks(self._document.state, places), self._gesture)
        self.grid.set_picks(self._document.state.picks)  # a drag may have shown others

    def _on_grid_dragged_out(self) -> None:
        pictures = self._pictures(self._document.state.picks)
        sheet = self.sheet()
        if sheet is None:
            return
        if sum(made.pixels.shape[0] * made.pixels.shape[1] for made in pictures) > _MOST_DRAGGED:
            self._document.announced.emit("These are too many to be dragged at once: use Save Selected")
            return
        self._export.drag_out({f"{made.name}.png": made for made in pictures}, sheet)

    def _on_picture_ready(self, rendered: Rendered) -> None:
        if len(rendered.request.looks) == 1 and not rendered.is_coarse:
            self._single = rendered
        elif rendered.is_whole and not self.is_complete:
            self._on_part_ready(rendered)  # it came at once, without parts

    def _on_part_ready(self, rendered: Rendered) -> None:
        """Take over those pictures of a grid that are there."""
        looks = rendered.request.looks
        if len(looks) != len(self.grid.items):
            return  # of a grid that had another size
        places = rendered.places
        for place, pixels in zip(places, rendered.pixels, strict=True):
            self._drawn[place] = self._keep_drawn(looks[place], rendered.request.checkpoint_path, pixels)
        self.grid.show_parts(places, [self._drawn[place].image for place in places])
        self._show_words()

    def _keep_drawn(self, look: Look, checkpoint: str, pixels: images.Pixels) -> _Drawn:
        image = to_image(pixels)
        largest = _KEPT_SIDE // self._document.state.grid_side
        if max(image.width(), image.height()) > largest:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            image = image.scaled(largest, largest, keep, smooth)
        model = self._document.description_of(checkpoint)
        return _Drawn(MadePicture(Recipe(look, checkpoint), pixels, model.spec.resolution if model else 0), image)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        self.size_box.setCurrentIndex(self.size_box.findData(new.grid_side))
        if new.view == "grid":
            self._show(old, new)

    def _show(self, old: Project | None, new: Project) -> None:
        fields = ("view", "look", "grid_side", "checkpoint")
        if old is None or any(getattr(old, name) != getattr(new, name) for name in fields):
            self._show_looks(new, keep=old is not None and old.view == "grid" and old.grid_side == new.grid_side)
        self.grid.set_picks(new.picks)
        self.grid.set_badges(self._badges(new))
        self._show_words()

    def _show_looks(self, state: Project, keep: bool) -> None:
        """Make a cell of every look: with its picture where that is there, else with the last one if `keep`."""
        known = {drawn.picture.recipe: drawn for drawn in self._drawn.values()}
        if self._single is not None:
            request = self._single.request
            recipe = Recipe(request.looks[0], request.checkpoint_path)
            if recipe not in known:
                known[recipe] = self._keep_drawn(recipe.look, request.checkpoint_path, self._single.pixels[0])
        before, self._drawn = self._drawn if keep else {}, {}
        items = []
        for place, look in enumerate(state.grid_looks):
            drawn = known.get(Recipe(look, state.checkpoint)) or before.get(place)
            if drawn is not None:
                self._drawn[place] = drawn
            image = None if drawn is None else drawn.image
            items.append(GridItem(image, f"Seed {look.seed}", is_awaited=image is None))
        self.grid.set_columns(state.grid_side)  # as the pictures are drawn, from the middle outwards
        self.grid.show_items(items)
        self.grid.set_current(self.grid.current or 0)

    def _badges(self, state: Project) -> dict[int, str]:
        if state.has_marks_elsewhere:
            state = edits.clear_examples(state)
        marked = (("+", frozenset(state.liked)), ("-", frozenset(state.disliked)), ("*", state.favourite_looks))
        if not any(looks for _sign, looks in marked):
            return {}
        signs = {
            place: "".join(sign for sign, marks in marked if look in marks)
            for place, look in enumerate(state.grid_looks)
        }
        return {place: text for place, text in signs.items() if text}

    def _count_there(self) -> int:
        looks, checkpoint = self._document.state.grid_looks, self._document.state.checkpoint
        drawn = ((looks[place], drawn) for place, drawn in self._drawn.items() if place < len(looks))
        return sum(drawn.is_of(look, checkpoint) for look, drawn in drawn)

    def _show_words(self) -> None:
        state = self._document.state
        there, count = self._count_there(), len(state.grid_looks)
        parts = [f"Drawing {there} of {count}"] if there < count else []
        parts += [f"{len(state.picks)} selected"] if state.picks else []
        if state.liked or state.disliked:
            parts.append(f"Examples: {len(state.liked)} +, {len(state.disliked)} −")
        self.words.setText("  ·  ".join(parts) or _HINT)


def say_count(count: int) -> str:
    """A number of pictures in words."""
    return "1 picture" if count == 1 else f"{count} pictures"
