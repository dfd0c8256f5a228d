"""What stands in each workspace: builds the panels, hands them what they need, and says where they dock."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ganstudio.animation.parameters import Frame
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.pages.layers_page import LayersPage
from ganstudio.gui.pages.map_page import MapPage
from ganstudio.gui.pages.picture_grid_page import PictureGridPage
from ganstudio.gui.panels.canvas import CanvasPanel, ViewPages
from ganstudio.gui.panels.dataset import DatasetPanel
from ganstudio.gui.panels.directions import DirectionsPanel
from ganstudio.gui.panels.filmstrip import FilmstripPanel
from ganstudio.gui.panels.health import HealthPanel
from ganstudio.gui.panels.latent import LatentPanel
from ganstudio.gui.panels.mixing import MixingPanel
from ganstudio.gui.panels.models import ModelsPanel
from ganstudio.gui.panels.progress import ProgressPanel
from ganstudio.gui.panels.recipe import RecipePanel
from ganstudio.gui.panels.run_comparison import RunComparisonPanel
from ganstudio.gui.panels.run_settings import RunSettingsPanel
from ganstudio.gui.panels.runs import RunsPanel
from ganstudio.gui.panels.sound import SoundPanel
from ganstudio.gui.panels.steps import StepsPanel
from ganstudio.gui.panels.timeline import TimelinePanel
from ganstudio.gui.panels.ways import WaysPanel
from ganstudio.gui.services.direction_export import DirectionExport
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.services.estimating import Estimating
from ganstudio.gui.services.frame_cache import FrameCache
from ganstudio.gui.services.map_making import MapMaking
from ganstudio.gui.services.model_library import ModelLibrary
from ganstudio.gui.services.picture_check import PictureCheck
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Playback
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.services.slider_measuring import SliderMeasuring
from ganstudio.gui.services.sound_measuring import SoundMeasuring
from ganstudio.gui.services.sound_playback import SoundPlayback
from ganstudio.gui.services.toy_game import ToyGame
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.widgets.tabbed_views import TabbedViews
from ganstudio.gui.workspaces import DockPlace
from ganstudio.project import edits
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


@dataclass(frozen=True)
class Services:
    """What panels are made with; owned by the window."""

    document: Document
    settings: SettingsStore
    jobs: JobList
    rendering: RenderingService
    session: TrainingSession
    waiting: WaitingRuns
    library: ModelLibrary


class ExploreContent:
    """Models, canvas, latent, directions, mixing, filmstrip."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        document, rendering = services.document, services.rendering
        self.finding = DirectionFinding(document, services.jobs, lambda: rendering.device, parent)
        self.grid_page = PictureGridPage(
            document=document, rendering=rendering, jobs=services.jobs, finding=self.finding, parent=parent
        )
        self.layers_page = LayersPage(document=document, rendering=rendering, parent=parent)
        making = MapMaking(document, services.jobs, rendering, parent)
        self.map_page = MapPage(document=document, rendering=rendering, making=making, parent=parent)
        self.canvas = CanvasPanel(
            document=document,
            rendering=rendering,
            settings=services.settings,
            views=ViewPages(self.grid_page, self.layers_page, self.map_page),
            parent=parent,
        )
        self.models = ModelsPanel(
            document=document, settings=services.settings, library=services.library, parent=parent
        )
        self.latent = LatentPanel(document=document, rendering=rendering, parent=parent)
        self._connect_painting(document)
        self.export = DirectionExport(document, services.jobs, parent)
        self.directions = DirectionsPanel(
            document=document, finding=self.finding, export=self.export, rendering=rendering, parent=parent
        )
        self.measuring = SliderMeasuring(
            document, services.jobs, self.finding.benches, lambda: rendering.device, parent
        )
        self.mixing = MixingPanel(document=document, rendering=rendering, parent=parent)
        self.filmstrip = FilmstripPanel(document=document, rendering=rendering, parent=parent)

    def _connect_painting(self, document: Document) -> None:
        """Let what is painted on the picture be searched for channels."""
        page, finding = self.canvas.page, self.finding

        def paint() -> None:
            document.apply("View", edits.set_view(document.state, "single"))
            page.window().activateWindow()
            page.paint_region(is_wanted=True)

        finding.region_wanted.connect(paint)
        page.region.changed.connect(lambda: finding.take_region(page.region.painted()))
        page.region_bar.channels_wanted.connect(finding.find_channels)

    def places(self) -> list[DockPlace]:
        """Where the panels dock."""
        return [
            DockPlace("models", "Models", self.models, _LEFT, 248),
            DockPlace("latent", "Latent", self.latent, _RIGHT, 304, share=2),
            DockPlace("directions", "Directions", self.directions, _RIGHT, 304, share=3),
            DockPlace("mixing", "Mixing", self.mixing, _RIGHT, 304, tab_of="directions"),
            DockPlace("filmstrip", "Filmstrip", self.filmstrip, _BOTTOM, 140),
        ]


class AnimateContent:
    """The canvas, Latent, Directions and Mixing of Explore, with a timeline under them."""

    def __init__(self, services: Services, explore: ExploreContent, parent: QWidget) -> None:
        document, rendering = services.document, services.rendering
        self._explore = explore
        self.head = PlayHead(document, rendering, parent)
        self.cache = FrameCache(document, rendering, self.head, parent)
        self.playback = Playback(document, rendering, self.cache, self.head, parent)
        self.timeline = TimelinePanel(
            document=document, head=self.head, playback=self.playback, cache=self.cache, parent=parent
        )
        self.ways = WaysPanel(
            document=document,
            rendering=rendering,
            jobs=services.jobs,
            head=self.head,
            playback=self.playback,
            parent=parent,
        )
        self.measuring = SoundMeasuring(document, services.jobs, parent)
        self.listening = SoundPlayback(document, self.playback, self.head, parent)
        self.sound = SoundPanel(
            document=document, measuring=self.measuring, head=self.head, listening=self.listening, parent=parent
        )
        self.measuring.changed.connect(self._drive_by_sound)
        self.head.changed.connect(self._show_window)
        self.head.moved.connect(self._show_drawn)
        self.playback.shown.connect(self._show_frame)

    def places(self) -> list[DockPlace]:
        """Where the panels dock."""
        shared = ("latent", "directions", "mixing")
        return [
            DockPlace("ways", "Ways", self.ways, _LEFT, 264),
            *(place for place in self._explore.places() if place.name in shared),
            DockPlace("timeline", "Timeline", self.timeline, _BOTTOM, 248, spans=True),
            DockPlace("sound", "Sound", self.sound, _BOTTOM, 248, tab_of="timeline"),
        ]

    def set_active(self, is_active: bool) -> None:
        """Let the canvas show what is under the play head, or the document's picture."""
        if not is_active:
            self.playback.stop()
        self._explore.canvas.set_animating(is_active)
        self.head.set_active(is_active)

    def _drive_by_sound(self) -> None:
        """Let the frames be driven by what was measured."""
        found = self.measuring.sound
        features = None if found is None else found.features
        if features is not self.head.sound:
            self.head.set_sound(features)

    def _show_window(self) -> None:
        """Look as close at the picture as the moment says."""
        if not self.playback.is_playing:
            frame = self.head.frame if self.head.is_active else Frame(Look())
            self._explore.canvas.set_window(frame.zoom, frame.centre)

    def _show_drawn(self) -> None:
        """Show a frame at once that is drawn already."""
        found = None if self.playback.is_playing else self.cache.find(self.head.frame.look)
        if found is not None and self.head.is_active:
            self._show_frame(found, self.head.frame)

    def _show_frame(self, rendered: Rendered, frame: Frame) -> None:
        self._explore.canvas.show_frame(rendered, frame.zoom, frame.centre)


class TrainContent:
    """Dataset, recipe, progress, health; and beside it the game to play by hand, which needs no docks."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        session, jobs = services.session, services.jobs
        self.check = PictureCheck(jobs, parent)
        self.dataset = DatasetPanel(session=session, check=self.check, jobs=jobs, parent=parent)
        estimating = Estimating(session, services.jobs, parent)
        self.recipe = RecipePanel(
            session=session, waiting=services.waiting, estimating=estimating, jobs=jobs, parent=parent
        )
        self.progress = ProgressPanel(session=session, document=services.document, jobs=jobs, parent=parent)
        self.settings = RunSettingsPanel(session=session, parent=parent)
        self.runs = RunsPanel(session=session, waiting=services.waiting, parent=parent)
        self.comparison = RunComparisonPanel(session=session, parent=parent)
        self.views = TabbedViews(
            (
                ("This Run", self.progress),
                ("Settings", self.settings),
                ("All Runs", self.runs),
                ("Compare", self.comparison),
            ),
            parent,
        )
        self._connect(session)
        self.health = HealthPanel(session=session, parent=parent)
        self.toy_game = ToyGame(parent)
        self.steps = StepsPanel(game=self.toy_game, parent=parent)

    def _connect(self, session: TrainingSession) -> None:
        """Let what is chosen on one view be seen on another."""

        def compare(first: Path, second: Path) -> None:
            self.comparison.compare(first, second)
            self.views.show_view(self.comparison)

        self.runs.run_wanted.connect(lambda: self.views.show_view(self.progress))
        self.runs.comparison_wanted.connect(compare)
        session.run_changed.connect(self._on_run_changed)

    def _on_run_changed(self, run: object) -> None:
        """Show another run, but not where its settings were being looked at: a change lets it go on."""
        if run is not None and self.views.current is not self.settings:
            self.views.show_view(self.progress)

    def places(self) -> list[DockPlace]:
        """Where the panels dock."""
        return [
            DockPlace("dataset", "Dataset", self.dataset, _LEFT, 288),
            DockPlace("recipe", "Recipe", self.recipe, _RIGHT, 304, share=3),
            DockPlace("health", "Health", self.health, _RIGHT, 304, share=1),
        ]
