"""The window: builds the panels, docks them in workspaces, connects them, and closes properly."""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QUndoStack
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QToolBar, QWidget

from ganstudio.devices import DEVICE_NAMES
from ganstudio.errors import GanStudioError
from ganstudio.gui import theme
from ganstudio.gui.action_handlers import (
    FileChoosers,
    animation_handlers,
    canvas_handlers,
    clipboard_handlers,
    direction_handlers,
    document_handlers,
    filmstrip_handlers,
    grid_handlers,
    settings_handlers,
    show_about,
    training_handlers,
)
from ganstudio.gui.actions import Actions, Handlers, Situation, Training
from ganstudio.gui.arrivals import Arrivals, Receivers
from ganstudio.gui.clipboard import Clipboard
from ganstudio.gui.dialogs.command_palette import CommandPalette
from ganstudio.gui.dialogs.shortcuts import ShortcutsDialog
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.live_desk import LiveDesk
from ganstudio.gui.messages import Messages
from ganstudio.gui.model_desk import ModelDesk
from ganstudio.gui.project_desk import ProjectDesk, title_of_project
from ganstudio.gui.rendering_feed import RenderingFeed
from ganstudio.gui.services.animation_export import AnimationExport
from ganstudio.gui.services.autosave import Autosave
from ganstudio.gui.services.latent_import import LatentImport
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.services.model_conversion import ModelConversion
from ganstudio.gui.services.model_downloads import ModelDownloads
from ganstudio.gui.services.model_identity import ModelIdentity
from ganstudio.gui.services.model_library import ModelLibrary
from ganstudio.gui.services.model_mixing import ModelMixing
from ganstudio.gui.services.opening import Opener
from ganstudio.gui.services.project_files import ProjectFiles
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.services.shutdown import RunningJobs, SavingCover, Shutdown
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.gui.status_feed import StatusFeed
from ganstudio.gui.tool_dialogs import ToolDialogs, ToolServices
from ganstudio.gui.widgets.status_bar import StatusBar
from ganstudio.gui.widgets.workspace_bar import WorkspaceBar
from ganstudio.gui.workspace_content import AnimateContent, ExploreContent, Services, TrainContent
from ganstudio.gui.workspaces import Workspaces
from ganstudio.training.runs.run_folder import title_of

logger = logging.getLogger(__name__)

WORKSPACES = ("explore", "train", "steps", "animate")
_SMALLEST = QSize(960, 600)
_FIRST_SIZE = QSize(1440, 900)


class MainWindow(QMainWindow):
    """The only window.

    Args:
        document: The project, handed to all panels.
        settings: What the person set up.
        session_path: Where the session is kept; the first window's by default.

    Signals:
        first_painted(): The window is on the screen; heavy things may begin.
    """

    first_painted = Signal()

    def __init__(self, *, document: Document, settings: SettingsStore, session_path: Path | None = None) -> None:
        super().__init__()
        self.document = document
        self.settings = settings
        self._painted = False
        self._cover: SavingCover | None = None
        self._told_undo: tuple[bool, bool, str, str] | None = None
        document.setParent(self)
        settings.setParent(self)
        self._make_services()
        self._make_desks(session_path)
        self.workspaces = Workspaces(self, settings)
        self.commands = Actions(self._handlers(), self)
        self.explore.canvas.use_actions(self.commands)
        self.animate.timeline.use_actions(self.commands)
        self._build_shell()
        self.workspaces.add("explore", self.explore.canvas, self.explore.places())
        self.workspaces.add("animate", self.explore.canvas, self.animate.places())
        self.workspaces.add("train", self.train.views, self.train.places())
        self.workspaces.add("steps", self.train.steps, [])
        self.shutdown = self._make_shutdown()
        self._connect()
        self._restore_place()
        self.desk.show_recent(self.commands)
        self._refresh()

    def start(self, open_path: Path | None = None) -> None:
        """Show what is to be worked on: a file, else the last session's model, else the built-in one."""
        if warning := self.settings.warning:
            self.show_message(warning, severity="warning")
        if open_path is not None:
            self.opener.open(open_path)
        else:
            self.opener.restore()
        self.session.show_latest_unfinished()
        self.library.refresh()

    def show_error(self, error: BaseException) -> None:
        """Show what went wrong, for a person, with the details one click away."""
        self.messages.show_error(error)

    def show_message(self, text: str, more: str = "", severity: str = "info") -> None:
        """Show a short message over the lower edge."""
        self.messages.show(text, more, severity)

    # Building

    def _make_services(self) -> None:
        """Make what works unseen, and the panels that show it."""
        document, settings = self.document, self.settings
        self.jobs = JobList(self)
        self.session = TrainingSession(self.jobs, self)
        self.waiting = WaitingRuns(self.session, self)
        self.rendering = RenderingService(document, settings.values.device, self)
        self.latent_import = LatentImport(document, self.jobs, self)
        self.downloads = ModelDownloads(self.jobs, self)
        self.library = ModelLibrary(document, settings, self.session, self.jobs, self)
        self.model_mixing = ModelMixing(document, settings, self.jobs, self)
        self.live = LiveControl(document, settings, self)
        self.exporting = AnimationExport(document, self.jobs, lambda: self.rendering.device, self)
        services = Services(document, settings, self.jobs, self.rendering, self.session, self.waiting, self.library)
        self.explore = ExploreContent(services, self)
        self.animate = AnimateContent(services, self.explore, self)
        self.train = TrainContent(services, self)

    def _make_desks(self, session_path: Path | None) -> None:
        """Make what opens, keeps and asks."""
        document, settings = self.document, self.settings
        self.opener = Opener(document, self.rendering, self.jobs, self)
        self.opener.look_in(self._list_models)
        self.identity = ModelIdentity(document, self.rendering, self)
        self.model_desk = ModelDesk(document, self.opener, settings, self.explore.canvas.notice, self)
        self.autosave = Autosave(document, session_path)
        self.desk = ProjectDesk(document, settings, ProjectFiles(document, self.jobs, self), self)
        self._may_lose = False
        self._choosers = FileChoosers(
            document, settings, (self.library, ModelConversion(document, self.jobs, self)), self
        )
        explore, mixing = self.explore, self.model_mixing
        tools = ToolServices(
            document,
            self.downloads,
            explore.finding,
            explore.measuring,
            self.library,
            mixing,
            self.live,
            self.exporting,
            self.train.check,
        )
        self.dialogs = ToolDialogs(tools, self)

    def _make_shutdown(self) -> Shutdown:
        return Shutdown(
            [
                self.waiting,
                self.session,
                self.train.toy_game,
                self.opener,
                self.library,
                self.model_mixing,
                self.identity,
                self.rendering,
                self.explore.canvas.output,
                self.live,
                self.animate.measuring,
                self.animate.listening,
                RunningJobs(self.jobs),
            ],
            self,
        )

    def _build_shell(self) -> None:
        self.setWindowTitle("GANStudio")
        self.setMinimumSize(_SMALLEST)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.commands.fill_menus(self.menuBar())
        self.explore.directions.use_actions(self.commands)
        self._add_workspace_bar()
        self._toolbar = self._make_toolbar("tools", Qt.ToolBarArea.TopToolBarArea)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self._feed = StatusFeed(self.status, self.jobs, self)
        self.messages = Messages(self)
        self.toasts = self.messages.toasts
        RenderingFeed(self.rendering, self.status, self.messages, self.settings, self)

    def _make_toolbar(self, name: str, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar(name.title(), self)
        bar.setObjectName(name)
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        if layout := bar.layout():
            layout.setContentsMargins(0, 0, 0, 0)
        self.addToolBar(area, bar)
        return bar

    def _add_workspace_bar(self) -> None:
        bar = self._make_toolbar("workspaces", Qt.ToolBarArea.LeftToolBarArea)
        bar.addWidget(WorkspaceBar([self.commands[f"view.{name}"] for name in WORKSPACES], bar))

    def _fill_toolbar(self, workspace: str) -> None:
        self.commands.fill_toolbar(self._toolbar, workspace)
        space = QWidget(self._toolbar)
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._toolbar.addWidget(space)
        self._toolbar.addAction(self.commands["help.palette"])

    def _handlers(self) -> Handlers:
        animate = self.animate
        return {
            **document_handlers(self.document),
            **settings_handlers(self.settings),
            **canvas_handlers(self.explore.canvas),
            **clipboard_handlers(Clipboard(self.document, self)),
            **filmstrip_handlers(self.explore.filmstrip),
            **grid_handlers(self.explore.grid_page),
            **direction_handlers(self.explore.directions.files),
            **training_handlers(self.session, self.waiting),
            **animation_handlers(self.document, animate.head, animate.playback, animate.timeline),
            **self.desk.handlers(),
            "file.open": self._choosers.choose_file,
            "file.open_data": self._choosers.choose_data,
            "file.watch_folder": self._choosers.choose_models,
            "file.save_model": self._choosers.choose_conversion,
            "file.public_models": self.dialogs.show_public_models,
            "file.mix_models": self.dialogs.show_mixing,
            "file.export_animation": self.dialogs.show_export,
            "directions.find": self.dialogs.show_finding,
            "directions.measure": self.dialogs.show_measuring,
            "live.control": self.dialogs.show_live_control,
            "animate.sound": self._show_sound,
            "file.quit": self.close,
            **{f"view.{name}": partial(self._show_workspace, name) for name in WORKSPACES},
            "view.reset_layout": self.workspaces.reset,
            "help.palette": lambda: CommandPalette(self.commands, self).open(),
            "help.keys": lambda: ShortcutsDialog(self).show(),
            "help.about": lambda: show_about(self),
        }

    def _connect(self) -> None:
        document = self.document
        document.changed.connect(self._refresh)
        document.model_changed.connect(self._refresh)
        document.undo_stack.indexChanged.connect(self._on_index_changed)
        document.failed.connect(self.show_error)
        document.announced.connect(self.show_message)
        document.filed.connect(self._refresh)
        self.autosave.failed.connect(self._on_autosave_failed)
        self._connect_services()
        panels = (self.explore, self.animate.sound)
        self.live_desk = LiveDesk(self.live, panels, self.commands, self.messages, self)
        receivers = Receivers(
            document,
            self.settings,
            self.jobs,
            self.opener,
            self.desk,
            self.session,
            self.library,
            self.downloads,
            self.latent_import,
            self.exporting,
            self.explore,
            self.train,
            self.live_desk.take_sound,
        )
        microphone = self.live.microphone
        microphone.moved.connect(lambda: self.rendering.modulate_with(microphone.look if microphone.is_open else None))
        self._arrivals = Arrivals(receivers, self.messages, self._show_workspace, self)
        self.opener.began.connect(self.explore.canvas.show_waiting)
        self.explore.canvas.view_changed.connect(self._refresh)
        self.animate.playback.changed.connect(self._refresh)
        self.animate.head.keying_changed.connect(self._refresh)
        self.explore.filmstrip.compare_wanted.connect(self.explore.canvas.page.pin)
        self.opener.settled.connect(self._on_opener_settled)
        self.workspaces.switched.connect(self._on_workspace_switched)
        self.settings.changed.connect(self._on_settings_changed)
        self.shutdown.finished.connect(self.close)
        QApplication.styleHints().colorSchemeChanged.connect(self._dress)

    def _connect_services(self) -> None:
        self.first_painted.connect(self._on_first_painted)
        self.session.failed.connect(self.show_error)
        self.session.snapshot_chosen.connect(self.document.open_requested)
        for signal in (self.session.phase_changed, self.session.origin_changed):
            signal.connect(self._refresh)
        self.rendering.picture_ready.connect(self.library.begin_looking)
        self.explore.finding.place_wanted.connect(self.dialogs.show_finding)
        self.explore.finding.measuring_wanted.connect(self.dialogs.show_measuring)
        self.train.dataset.check_wanted.connect(self.dialogs.show_picture_check)
        self.train.check.failed.connect(self.show_error)
        models = self.explore.models
        models.open_button.clicked.connect(self._choosers.choose_file)
        models.folder_wanted.connect(self._choosers.choose_models)
        models.save_wanted.connect(self._choosers.choose_conversion)
        models.catalogue_wanted.connect(self.dialogs.show_public_models)

    def _restore_place(self) -> None:
        geometry = QByteArray.fromBase64(self.settings.values.geometry.encode("ascii", "ignore"))
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            room = self.screen().availableGeometry().size()
            self.resize(_FIRST_SIZE.boundedTo(room))

    def _list_models(self) -> tuple[Path, ...]:
        """Where a model may be that is not where it was."""
        values = self.settings.values
        listed = (entry.path for entry in self.library.survey.entries if entry.is_there)
        return (*map(Path, values.recent), *listed, *map(Path, values.watched))

    # What happens

    def _show_sound(self) -> None:
        self.live_desk.show_sound()

    def _show_workspace(self, name: str) -> None:
        self.workspaces.show(name)
        self._refresh()  # the button that was pressed stays pressed, also when nothing changed

    def _on_index_changed(self) -> None:
        """Say what can be undone; a drag, which comes here at every move, changes nothing about it."""
        if _say_undo(self.document.undo_stack) != self._told_undo:
            self._refresh()

    def _refresh(self) -> None:
        state, stack = self.document.state, self.document.undo_stack
        has_picture = self.document.description is not None
        workspace, training = self.workspaces.current or "explore", _say_training(self.session)
        recent = len(self.settings.values.recent_projects)
        filed = (self.document.path is not None, self.document.is_modified, recent)
        now = Situation(state, stack.canUndo(), stack.canRedo(), has_picture, workspace, training, *filed)
        self.commands.update_enabled(now)
        self._told_undo = _say_undo(stack)
        for name, text in (("edit.undo", stack.undoText()), ("edit.redo", stack.redoText())):
            self.commands[name].setText(f"{name.removeprefix('edit.').title()} {text}".strip())
        shown = {f"view.{name}": self.workspaces.current == name for name in WORKSPACES}
        themes = {f"view.theme_{name}": self.settings.values.theme == name for name in theme.THEMES}
        devices = {f"compute.{name}": self.settings.values.device == name for name in DEVICE_NAMES}
        marks = {
            "train.pause": self.session.phase is Phase.PAUSED,
            "animate.play": self.animate.playback.is_playing,
            "animate.auto_key": self.animate.head.is_keying,
            "view.grid": state.view == "grid",
            "view.layers": state.view == "layers",
            "view.map": state.view == "map",
            "view.smooth": self.settings.values.smooth,
            "picture.favourite": state.look in state.favourite_looks,
            **self.explore.canvas.marks(),
        }
        for name, checked in {**shown, **themes, **devices, **marks}.items():
            self.commands[name].setChecked(checked)
        self._show_title()

    def _show_title(self) -> None:
        document, description = self.document, self.document.description
        parts = [f"{title_of_project(document)}[*]"] if document.path or document.is_modified else []
        parts += [title_of(description.path)] if description else []
        self.setWindowTitle(" – ".join([*parts, "GANStudio"]))
        self.setWindowModified(document.is_modified)

    def _on_first_painted(self) -> None:
        self.status.show_device("Starting the engine…")
        QTimer.singleShot(0, self, self._start_engine)  # after everybody else has seen the first paint

    def _start_engine(self) -> None:
        self.rendering.start()
        self.live.start()
        self.opener.allow()

    def _on_opener_settled(self) -> None:
        if self.document.description is None:
            self.status.show_device("No model is open")

    def _on_autosave_failed(self, error: GanStudioError) -> None:
        more = f"{error.reason}; {error.remedy}."
        run = ("Save Project As…", self.desk.save_as)
        self.messages.show("Your work cannot be kept for the next start", more[:1].upper() + more[1:], "warning", run)

    def _on_workspace_switched(self, name: str) -> None:
        self.animate.set_active(name == "animate")
        self._fill_toolbar(name)
        self._refresh()

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.theme != new.theme:
            self._dress()
        if old.device != new.device:
            self.rendering.set_device(new.device)
        if old.recent_projects != new.recent_projects:
            self.desk.show_recent(self.commands)
        self._refresh()  # many settings are marks in the menus

    def _dress(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply_theme(app, self.settings.values.theme)
        self.commands.recolour()
        self._refresh()

    # What Qt calls

    def event(self, event: QEvent) -> bool:
        """Notice the first time that the window is painted."""
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)
            self._feed.start()
        return handled

    def showEvent(self, event: object) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)  # type: ignore[arg-type]
        if not self.workspaces.current:
            name = self.settings.values.workspace
            self.workspaces.show(name if name in WORKSPACES else "explore")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: D102, N802 - Qt's name
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: D102, N802 - Qt's name
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._arrivals.take_dropped(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102, N802 - Qt's name
        if self._is_saved_and_quiet():
            super().closeEvent(event)
            return
        event.ignore()
        if not self.shutdown.has_begun:
            return  # something is being asked first
        if self._cover is None:
            self._cover = SavingCover(self)
        self.shutdown.begin()

    def _close_anyway(self) -> None:
        self._may_lose = True
        self.close()

    def _is_saved_and_quiet(self) -> bool:
        """Whether the window may go now; if so, everything is saved."""
        if not self.shutdown.has_begun:
            self.workspaces.remember()
            self.settings.update(geometry=bytes(self.saveGeometry().toBase64().data()).decode())
            error = self.autosave.finish()
            if error is not None and not self._may_lose and self.document.is_modified:
                self.desk.ask_to_close(error, self._close_anyway)
                return False
            self.settings.save()
            self._feed.stop()
            self.shutdown.begin()
        return self.shutdown.is_done


def _say_undo(stack: QUndoStack) -> tuple[bool, bool, str, str]:
    return stack.canUndo(), stack.canRedo(), stack.undoText(), stack.redoText()


def _say_training(session: TrainingSession) -> Training:
    """How far training is, as the actions need to know it."""
    states: dict[Phase, Training] = {
        Phase.PREPARING: "running",
        Phase.TRAINING: "running",
        Phase.PAUSED: "paused",
        Phase.STOPPING: "stopping",
    }
    return states.get(session.phase, "ready" if session.origin is not None else "idle")
