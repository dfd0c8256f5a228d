"""Finds directions of the open model in the background and gives them to the project as its own, in one undo step."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.direction_events import (
    FindingProgress,
    FoundSlider,
    LayersListed,
    NamesSuggested,
    SlidersFound,
    StripDrawn,
)
from ganstudio.gui.services.direction_ways import WAYS, Wanted, marks_of, what_lacks
from ganstudio.gui.services.direction_works import draw_strips, get_ready, list_names, search
from ganstudio.gui.widgets.durations import say_left
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.latent.discovery.picks import PicksConfig
from ganstudio.project import direction_edits
from ganstudio.rendering.bench_shelf import BenchShelf

if TYPE_CHECKING:
    from ganstudio.latent.naming import Suggestion

_MOST_STRIPS = 400


@dataclass
class _Search:
    """One that runs."""

    wanted: Wanted
    begun: float
    text: str = ""
    fraction: float = 0.0


class DirectionFinding(QObject):
    """Runs searches, several at once where somebody wants that, but each way once.

    Args:
        document: Gets what was found.
        jobs: Shows the searches, with a cancel button each.
        device: Says on which device to compute: "auto", "cpu" or "cuda".

    Attributes:
        benches: Lend networks to searches.
        found: What was found in this session, by the names of the directions.
        candidates: Style channels that were ranked last, the most telling first; they become sliders when chosen.
        region: What is painted on the picture, bool `(H, W)`.
        suggestions: What they may be called.
        strips: What they do, as pictures from the slider's low end to its high end.

    Signals:
        changed(): A search has begun, gone on or ended.
        sliders_found(wanted, found): The project has new directions (`Wanted`, `SlidersFound`).
        names_suggested(): `suggestions` has more.
        strip_ready(name): `strips` has the pictures of another direction.
        layers_listed(names): The answer to `list_layers`.
        measuring_wanted(): Somebody wants to know what the sliders do.
        place_wanted(way): Somebody wants to see the ways of finding directions, this one, "" any.
        region_wanted(): Somebody wants to paint a region on the picture.
        candidates_found(): `candidates` are others.
    """

    changed = Signal()
    sliders_found = Signal(object, object)
    strip_ready = Signal(str)
    names_suggested = Signal()
    layers_listed = Signal(list)
    place_wanted = Signal(str)
    region_wanted = Signal()
    candidates_found = Signal()
    measuring_wanted = Signal()

    def __init__(
        self, document: Document, jobs: JobList, device: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._jobs, self._device = document, jobs, device
        self._searches: dict[Job, _Search] = {}
        self._preparing: Job | None = None
        self._are_picks_waiting = False
        self._listing: Job | None = None
        self._drawing: Job | None = None
        self.benches = BenchShelf()
        self.found: dict[str, FoundSlider] = {}
        self.candidates: dict[str, FoundSlider] = {}
        self.region: npt.NDArray[np.bool_] | None = None
        self.suggestions: dict[str, Suggestion] = {}
        self.strips: dict[str, tuple[QImage, ...]] = {}
        document.model_changed.connect(self._on_model_changed)
        self._on_model_changed(None)

    @property
    def is_running(self) -> bool:
        """Whether a search is on its way."""
        return bool(self._searches)

    def progress_of(self, way: str) -> tuple[str, float] | None:
        """What the search of a way is doing, and how far it is, 0 to 1; None where none is on its way."""
        if way == "picks" and self._are_picks_waiting:
            return "getting ready", 0.0
        found = next((one for one in self._searches.values() if one.wanted.way == way), None)
        return None if found is None else (found.text, found.fraction)

    def cancel(self, way: str) -> None:
        """End the search of a way; nothing changes."""
        for job, one in self._searches.items():
            if one.wanted.way == way:
                job.cancel()

    def wanted(self, way: str, config: Any = None) -> Wanted | None:
        """A search in the open model as it is now; None where none is open."""
        description = self._document.description
        if description is None:
            return None
        config = WAYS[way].config_type() if config is None else config
        return Wanted(way, config, self._document.state, description, self._device(), region=self.region)

    def start(self, wanted: Wanted) -> None:
        """Search, unless this way is being gone already."""
        if wanted.project.checkpoint is None or self.progress_of(wanted.way) is not None:
            return
        job = Job(partial(search, wanted, self.benches), wanted.title)
        self._searches[job] = _Search(wanted, time.monotonic(), "beginning")
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(self._document.failed)
        job.ended.connect(partial(self._on_job_ended, job))
        self._jobs.start(job)
        self.changed.emit()

    def start_from_picks(self) -> None:
        """Make a direction of the pictures that are marked + and −."""
        if self._preparing is not None:
            self._are_picks_waiting = True  # it would only make a second network of the same model
            self.changed.emit()
            return
        taken = {one.info.title for one in self._document.state.directions}
        title = next(text for number in range(1, 10_000) if (text := f"Picked {number}") not in taken)
        wanted = self.wanted("picks", PicksConfig(title=title))
        if wanted is not None and not marks_of(wanted.project).missing:
            self.start(wanted)

    def show_place(self) -> None:
        """Ask for the place where ways are chosen."""
        self.place_wanted.emit("")

    def show_painting(self) -> None:
        """Ask for the picture to be painted on."""
        self.region_wanted.emit()

    def take_region(self, region: npt.NDArray[np.bool_] | None) -> None:
        """Know what is painted on the picture."""
        self.region = region
        self.changed.emit()

    def find_channels(self) -> None:
        """Rank the style channels by the region that is painted, and show the place where they are listed."""
        wanted = self.wanted("channels")
        if wanted is not None and not what_lacks(WAYS["channels"], wanted.description, wanted.project):
            self.start(wanted)
        self.place_wanted.emit("channels")

    def take_candidates(self, names: Collection[str]) -> None:
        """Make sliders of some of the candidates, in one step."""
        taken = [one for name, one in self.candidates.items() if name in names]
        own = [one.direction for one in taken]
        if own:
            self.found.update({one.direction.name: one for one in taken})
            state = direction_edits.add_directions(self._document.state, own)
            self._document.apply(f"Add {_count(len(own), 'Channel')}", state)

    def show_measuring(self) -> None:
        """Ask for the place where sliders are measured."""
        self.measuring_wanted.emit()

    def get_ready(self) -> None:
        """Have ready what a direction of picks needs, because the first picture was marked."""
        checkpoint = self._document.state.checkpoint
        if checkpoint is None or self._preparing is not None or self._document.description is None:
            return
        if self.benches.has_free or self._searches:
            return
        work = partial(get_ready, Path(checkpoint), self._device(), self.benches)
        self._preparing = Job(work, "Getting ready for picks")
        self._preparing.ended.connect(self._on_preparing_ended)
        self._jobs.start(self._preparing)

    def draw_strips(self, names: Collection[str]) -> None:
        """Draw what directions that were found do, where no pictures are there yet."""
        known = {**self.candidates, **self.found}
        missing = [known[name].direction for name in names if name in known and name not in self.strips]
        if not missing or self._drawing is not None or self._searches:
            return
        work = partial(draw_strips, self._document.state, missing, self._device(), self.benches)
        self._drawing = Job(work, "Drawing sliders")
        self._drawing.progressed.connect(self._on_drawing_progressed)
        self._drawing.failed.connect(self._document.failed)
        self._drawing.ended.connect(self._on_drawing_ended)
        self._jobs.start(self._drawing)

    def _on_drawing_progressed(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, StripDrawn):
                self._keep_strip(event)
            elif isinstance(event, FindingProgress) and self._drawing is not None:
                self._jobs.tell(self._drawing, event.doing, event.fraction)

    def _on_drawing_ended(self, *_what: object) -> None:
        self._drawing = None

    def list_layers(self) -> None:
        """Find out what the layers of the open model are called, for `layers_listed`."""
        path = self._document.state.checkpoint
        if path is None or self._listing is not None:
            return
        work = partial(list_names, Path(path), self._device(), self.benches)
        self._listing = Job(work, "Listing the layers")
        self._listing.progressed.connect(self._on_listing_progressed)
        self._listing.failed.connect(self._document.failed)
        self._listing.ended.connect(self._on_listing_ended)
        self._jobs.start(self._listing)

    def _on_listing_progressed(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, LayersListed):
                self.layers_listed.emit(list(event.names))

    def _on_listing_ended(self, *_what: object) -> None:
        self._listing = None

    def _on_model_changed(self, _description: object) -> None:
        self.benches.expect(self._document.state.checkpoint or "")
        self.candidates, self.region = {}, None
        self.candidates_found.emit()

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        one = self._searches[job]
        for event in events:
            if isinstance(event, FindingProgress):
                one.text = say_left(event.doing, event.fraction, time.monotonic() - one.begun)
                one.fraction = event.fraction
                self._jobs.tell(job, one.text, one.fraction)
            elif isinstance(event, SlidersFound):
                self._take(one.wanted, event)
            elif isinstance(event, StripDrawn):
                self._keep_strip(event)
            elif isinstance(event, NamesSuggested):
                self.suggestions.update(event.names)
                self.names_suggested.emit()
        self.changed.emit()

    def _take(self, wanted: Wanted, found: SlidersFound) -> None:
        if wanted.way == "channels":
            self.candidates = {slider.direction.name: slider for slider in found.sliders}
            self.candidates_found.emit()
            return
        document, before = self._document, self._document.state
        own = [slider.direction for slider in found.sliders]
        after = direction_edits.add_directions(before, own)
        document.apply(f"Find {_count(len(own), 'Direction')}" if len(own) != 1 else f"Find {own[0].info.title}", after)
        self.found.update({slider.direction.name: slider for slider in found.sliders})
        if not own:
            document.announced.emit(f"{wanted.title}: nothing was found that moves one thing alone")
        elif after == before:
            document.announced.emit(f"{wanted.title}: these directions are there already")
        elif before.checkpoint != wanted.project.checkpoint:
            name = wanted.description.path.name
            document.announced.emit(f"{_count(len(own), 'direction')} of {name} found; open it again to use them")
        self.sliders_found.emit(wanted, found)

    def _keep_strip(self, event: StripDrawn) -> None:
        self.strips[event.name] = tuple(to_image(pixels) for pixels in event.pixels)
        while len(self.strips) > _MOST_STRIPS:
            self.strips.pop(next(iter(self.strips)))
        self.strip_ready.emit(event.name)

    def _on_job_ended(self, job: Job, *_what: object) -> None:
        self._searches.pop(job, None)
        self.changed.emit()

    def _on_preparing_ended(self, *_what: object) -> None:
        self._preparing = None  # where it failed, the search itself will say why
        if self._are_picks_waiting:
            self._are_picks_waiting = False
            self.start_from_picks()
        self.changed.emit()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
