"""What becomes of a file that arrives: dropped, opened, downloaded, imported."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from ganstudio.checkpoints.builtin import is_builtin
from ganstudio.checkpoints.latents.base import LatentFile
from ganstudio.checkpoints.public_models import PublicModel
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.messages import Messages
from ganstudio.gui.panels.model_facts import is_doubtful
from ganstudio.gui.project_desk import ProjectDesk
from ganstudio.gui.services.animation_export import AnimationExport
from ganstudio.gui.services.latent_import import LatentImport, say_imported
from ganstudio.gui.services.model_downloads import ModelDownloads
from ganstudio.gui.services.model_library import ModelLibrary
from ganstudio.gui.services.opening import Opener
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.workspace_content import ExploreContent, TrainContent
from ganstudio.recognition import Kind, Recognised
from ganstudio.rendering.direction_import import LatentsImported
from ganstudio.training.runs.readers.base import RunRecord
from ganstudio.training.runs.run_folder import RunFolder


@dataclass(frozen=True)
class Receivers:
    """Who takes what arrives."""

    document: Document
    settings: SettingsStore
    jobs: JobList
    opener: Opener
    desk: ProjectDesk
    session: TrainingSession
    library: ModelLibrary
    downloads: ModelDownloads
    latent_import: LatentImport
    exporting: AnimationExport
    explore: ExploreContent
    train: TrainContent
    take_sound: Callable[[Path], None]


class Arrivals(QObject):
    """Hands each file to whoever it is for, and shows the workspace where it is seen.

    Args:
        receivers: Who takes what.
        messages: Say what was done.
        show_workspace: Shows one by name.
    """

    def __init__(
        self, receivers: Receivers, messages: Messages, show_workspace: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._to, self._messages, self._show_workspace = receivers, messages, show_workspace
        receivers.opener.recognised.connect(self._on_recognised)
        receivers.opener.model_opened.connect(self._on_model_opened)
        receivers.document.data_dropped.connect(self._on_data_dropped)
        receivers.latent_import.imported.connect(self._on_latents_imported)
        receivers.downloads.finished.connect(self._on_download_finished)
        receivers.downloads.failed.connect(messages.show_error)
        receivers.exporting.finished.connect(self._on_film_finished)
        receivers.explore.models.doubted.connect(self._ask_what_it_is)

    def take_dropped(self, paths: list[Path]) -> None:
        """Open the first of some files, and say what becomes of the others."""
        if paths:
            self._to.opener.open(paths[0])
        if len(paths) > 1:
            more = "To list many models, watch their folder; to train on many pictures, drop their folder."
            self._messages.show(f"{paths[0].name} is opened, the other {len(paths) - 1} are left", more)

    def _on_recognised(self, found: Recognised) -> None:
        to = self._to
        if found.kind is Kind.PROJECT:
            to.desk.take(found.path, found.content, lambda: to.opener.open_project(found.path, found.content))
        elif found.kind is Kind.ANIMATION:
            to.desk.replace(lambda: to.opener.open_project(found.path, found.content, is_carried=True))
        elif found.kind is Kind.PICTURE:
            self._offer_picture(found.path)
        elif isinstance(found.content, RunRecord):
            self._show_workspace("train")
            to.session.show_record(found.content)
        elif found.kind is Kind.LATENTS:
            self._show_workspace("explore")
            to.latent_import.start(found.content)
        elif found.kind is Kind.SOUND:
            to.take_sound(found.path)
        elif found.kind is Kind.MODELS:
            to.library.watch(found.path)
            self._show_workspace("explore")
            self._messages.show(f"The models of {found.path.name} are listed from now on")
        else:
            to.document.data_dropped.emit(found.path)

    def _on_data_dropped(self, path: Path) -> None:
        self._show_workspace("train")
        if RunFolder(path).exists:
            self._to.session.show_run(path)
        else:
            self._to.train.dataset.choose(path)

    def _on_model_opened(self, path: Path) -> None:
        if not is_builtin(path):
            self._to.settings.add_recent(path)
        if not self._to.explore.canvas.is_animating:
            self._show_workspace("explore")
        self._to.explore.canvas.close_page()
        description = self._to.document.description
        if description is not None and is_doubtful(description):
            self._ask_what_it_is()

    def _ask_what_it_is(self) -> None:
        """Show what else the open file may be, to choose from."""
        description, canvas = self._to.document.description, self._to.explore.canvas
        if description is None:
            return
        from ganstudio.gui.panels.import_assistant import ImportAssistant  # late: few files need it

        page = ImportAssistant(description.path, self._to.jobs, canvas)
        page.closed.connect(canvas.close_page)
        page.failed.connect(self._messages.show_error)
        page.accepted.connect(self._on_assistant_accepted)
        self._show_workspace("explore")
        canvas.show_page(page)

    def _on_assistant_accepted(self, path: Path) -> None:
        self._to.explore.canvas.close_page()
        self._to.opener.reopen(path)
        self._messages.show(f"The choice is remembered for {path.name}")

    def _on_download_finished(self, model: PublicModel, was_checked: bool) -> None:
        self._to.library.refresh()
        more = "It is the file that its authors published." if was_checked else "Its authors publish no hash to check."
        run = ("Open", lambda: self._to.document.open_requested.emit(model.path))
        self._messages.offer(f"{model.name} is here", more, run)

    def _on_latents_imported(self, latents: LatentFile, result: LatentsImported) -> None:
        text, more = say_imported(latents, result)
        again = ("As Sliders Instead", lambda: self._import_as_sliders(latents))
        self._messages.show(text, more, "info", *([again] if result.points else []))

    def _import_as_sliders(self, latents: LatentFile) -> None:
        """Take pictures of latents back, and make sliders towards them."""
        stack = self._to.document.undo_stack
        if stack.undoText() == f"Import {latents.path.name[:40]}":
            stack.undo()
        self._to.latent_import.start(latents, as_sliders=True)

    def _on_film_finished(self, path: Path, text: str) -> None:
        show = ("Show in Folder", lambda: _open_outside(path.parent))
        self._messages.offer(f"{path.name} is there", text, ("Open", lambda: _open_outside(path)), show)

    def _offer_picture(self, path: Path) -> None:
        folder = path.parent
        use_folder = ("Train on Its Folder", lambda: self._to.document.data_dropped.emit(folder))
        more = "Pictures saved here carry their recipe. This one can still be used for training."
        self._messages.offer(f"{path.name} does not say how it was made", more, use_folder)


def _open_outside(path: Path) -> None:
    """Let the system show a file or a folder, with whatever it has for that."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
