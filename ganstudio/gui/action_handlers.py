"""What each action of the table does, gathered by what it needs: the document, the canvas, the run, the window."""

import secrets
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import ganstudio
from ganstudio.checkpoints.builtin import builtin_path
from ganstudio.gui.actions import Handlers
from ganstudio.gui.clipboard import Clipboard
from ganstudio.gui.document import Document
from ganstudio.gui.pages.picture_grid_page import PictureGridPage
from ganstudio.gui.pages.picture_page import CHANNEL_NAMES
from ganstudio.gui.panels.canvas import CanvasPanel
from ganstudio.gui.panels.direction_files import DirectionFiles
from ganstudio.gui.panels.filmstrip import FilmstripPanel
from ganstudio.gui.panels.timeline import TimelinePanel
from ganstudio.gui.services.model_conversion import ModelConversion, file_kinds, suffix_of
from ganstudio.gui.services.model_library import ModelLibrary
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Playback
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.gui.settings import SettingsStore
from ganstudio.project import direction_edits, edits, history, timeline_edits
from ganstudio.project.state import Project, View

_MODEL_PATTERNS = "*.safetensors *.pkl *.pt *.pth *.ckpt *.bin *.onnx"
_NEW_SEEDS = 1_000_000  # six figures are enough to never meet one twice, and can be read aloud


def document_handlers(document: Document) -> Handlers:
    """Actions that edit the project."""

    def apply(text: str, project: Project) -> None:
        document.apply(text, project)

    return {
        "edit.undo": document.undo_stack.undo,
        "edit.redo": document.undo_stack.redo,
        "edit.reset_sliders": lambda: apply("Reset Sliders", direction_edits.reset_strengths(document.state)),
        "edit.reset_look": lambda: apply("Reset Picture", edits.reset_look(document.state)),
        "picture.new": lambda: apply("New Picture", edits.set_seed(document.state, secrets.randbelow(_NEW_SEEDS))),
        "picture.back": lambda: document.visit("Back", lambda state: history.step(state, -1)),
        "picture.forward": lambda: document.visit("Forward", lambda state: history.step(state, 1)),
        "picture.favourite": lambda: apply("Favourite", history.toggle_favourite(document.state)),
        "picture.clear_history": lambda: apply("Clear History", history.clear(document.state)),
        "view.grid": lambda: apply("View", edits.set_view(document.state, _other_view(document.state, "grid"))),
        "view.layers": lambda: apply("View", edits.set_view(document.state, _other_view(document.state, "layers"))),
        "view.map": lambda: apply("View", edits.set_view(document.state, _other_view(document.state, "map"))),
        "file.open_builtin": lambda: document.open_requested.emit(builtin_path()),
    }


def settings_handlers(settings: SettingsStore) -> Handlers:
    """Actions that change settings."""
    return {
        "view.histogram": lambda: settings.update(histogram=not settings.values.histogram),
        "view.smooth": lambda: settings.update(smooth=not settings.values.smooth),
        "compute.auto": lambda: settings.update(device="auto"),
        "compute.cpu": lambda: settings.update(device="cpu"),
        "compute.cuda": lambda: settings.update(device="cuda"),
        "view.theme_dark": lambda: settings.update(theme="dark"),
        "view.theme_light": lambda: settings.update(theme="light"),
        "view.theme_system": lambda: settings.update(theme="system"),
    }


def canvas_handlers(canvas: CanvasPanel) -> Handlers:
    """Actions on the picture that is shown."""
    page, picture = canvas.page, canvas.picture
    channels = {
        f"view.channel_{channel}": lambda channel=channel: page.set_channel(channel) for channel in CHANNEL_NAMES
    }
    return {
        "file.save": canvas.ask_and_save,
        "edit.copy": canvas.copy,
        "picture.pin": page.toggle_pin,
        "picture.region": page.toggle_region,
        "picture.swap": page.swap,
        "view.fit": picture.fit,
        "view.half_size": lambda: picture.show_scale(0.5),
        "view.actual_size": lambda: picture.show_scale(1.0),
        "view.double_size": lambda: picture.show_scale(2.0),
        "view.zoom_in": lambda: picture.zoom(1),
        "view.zoom_out": lambda: picture.zoom(-1),
        "view.divider": lambda: page.toggle_compare("divider"),
        "view.side_by_side": lambda: page.toggle_compare("side"),
        "view.output": canvas.output.toggle,
        **channels,
    }


def grid_handlers(page: PictureGridPage) -> Handlers:
    """Actions on the pictures of the grid."""
    return {
        "file.save_selected": page.ask_and_save,
        "edit.select_all": page.select_all,
        "edit.select_none": page.select_none,
        "picture.mark_plus": lambda: page.mark(liked=True),
        "picture.mark_minus": lambda: page.mark(liked=False),
    }


def clipboard_handlers(clipboard: Clipboard) -> Handlers:
    """Actions on the clipboard."""
    return {
        "edit.copy_latent": clipboard.copy_latent,
        "edit.copy_edits": clipboard.copy_edits,
        "edit.paste": clipboard.paste,
    }


def filmstrip_handlers(panel: FilmstripPanel) -> Handlers:
    """Actions on the pictures of the history."""
    return {"picture.rename": panel.rename_current, "picture.remove": panel.remove_current}


def direction_handlers(files: DirectionFiles) -> Handlers:
    """Actions on the directions of the model and of the project."""
    return {
        "directions.import": files.ask_import,
        "directions.paste": files.paste,
        "directions.export": files.export_all,
        "directions.export_used": files.export_used,
        "directions.save_model": files.ask_save_model,
    }


def training_handlers(session: TrainingSession, waiting: WaitingRuns) -> Handlers:
    """Actions on the run."""
    return {
        "train.start": waiting.start,
        "train.pause": lambda: session.resume() if session.phase is Phase.PAUSED else session.pause(),
        "train.stop": session.stop,
    }


def animation_handlers(document: Document, head: PlayHead, playback: Playback, timeline: TimelinePanel) -> Handlers:
    """Actions on the timeline."""

    def step(frames: int) -> None:
        playback.stop()
        head.go_to(head.position + frames)

    def take() -> None:
        document.apply("Take This Frame", edits.set_look(document.state, head.frame.look))

    return {
        "animate.play": playback.toggle,
        "animate.key": lambda: head.key("Key the Picture", ("latent",)),
        "animate.key_all": timeline.key_all,
        "animate.auto_key": lambda: head.set_keying(not head.is_keying),
        "animate.take": take,
        "animate.previous": lambda: step(-1),
        "animate.next": lambda: step(1),
        "animate.clear": lambda: document.apply("Clear the Timeline", timeline_edits.clear_tracks(document.state)),
    }


class FileChoosers:
    """The actions that ask for a file."""

    def __init__(
        self,
        document: Document,
        settings: SettingsStore,
        parts: tuple[ModelLibrary, ModelConversion],
        window: QWidget,
    ) -> None:
        self._document = document
        self._library, self._conversion = parts
        self._settings = settings
        self._window = window

    def choose_file(self) -> None:
        """Ask for a file of any kind and open it: what it is, is told by its content."""
        kinds = f"All files (*);;Models ({_MODEL_PATTERNS});;Pictures made here (*.png *.jpg *.jpeg *.webp)"
        path, _kind = QFileDialog.getOpenFileName(self._window, "Open", self._settings.values.folder, kinds)
        self._take(path, Path(path).parent)

    def choose_data(self) -> None:
        """Ask for a folder of training pictures."""
        path = QFileDialog.getExistingDirectory(self._window, "Training Pictures", self._settings.values.folder)
        self._take(path, Path(path))

    def choose_models(self) -> None:
        """Ask for a folder and list its models from now on."""
        path = QFileDialog.getExistingDirectory(self._window, "Watch a Folder of Models", self._settings.values.folder)
        if path:
            self._settings.update(folder=path)
            self._library.watch(Path(path))

    def choose_conversion(self, source: Path | None = None) -> None:
        """Ask for a file to write a model to, the open one where none is named, and write it."""
        source = source or Path(self._document.state.checkpoint or "")
        kinds = file_kinds()
        start = Path(self._settings.values.folder or source.parent) / f"{source.stem}.safetensors"
        name, kind = QFileDialog.getSaveFileName(self._window, "Save Model As", str(start), ";;".join(kinds))
        if not name:
            return
        target, chosen = Path(name), kinds.get(kind)
        if not target.suffix and chosen is not None:
            target = target.with_suffix(suffix_of(chosen))
        self._settings.update(folder=str(target.parent))
        self._conversion.start(source, target, chosen)

    def _take(self, path: str, folder: Path) -> None:
        if path:
            self._settings.update(folder=str(folder))
            self._document.open_requested.emit(Path(path))


def show_about(window: QWidget) -> None:
    """Say which program and version this is."""
    box = QMessageBox(window)
    box.setWindowTitle("About GANStudio")
    box.setText(f"GANStudio {ganstudio.__version__}")
    box.setInformativeText(
        "A latent-space editor and trainer for generative adversarial networks. Everything stays on this machine."
    )
    box.open()


def _other_view(project: Project, view: View) -> View:
    """A view, or back from it."""
    return "single" if project.view == view else view
