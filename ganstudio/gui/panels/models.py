"""Models: the built-in one, recent files, snapshots of runs; facts of the one that is open."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.checkpoints.builtin import builtin_path, builtin_preview_path
from ganstudio.datasets.base import hash_parts
from ganstudio.files import user_cache_dir
from ganstudio.gui import icons, theme
from ganstudio.gui.document import Document
from ganstudio.gui.rendering_service import RenderingService
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.gui.training_session import TrainingSession, list_runs
from ganstudio.gui.widgets.entry_delegate import NOTE_ROLE, EntryDelegate
from ganstudio.gui.widgets.picture_grid import to_image
from ganstudio.rendering.request import Rendered
from ganstudio.training.run_folder import RunFolder, title_of

_ICON = 40
_LISTED_RUNS = 8


@dataclass(frozen=True)
class ModelEntry:
    """One row: the file, its name and what to say below it."""

    path: Path
    title: str
    note: str


class ModelsPanel(QWidget):
    """Lists what can be opened; a click opens it.

    Args:
        document: Opens it.
        settings: Remembers recent files.
        session: Tells when there are new runs.
        rendering: Gives the thumbnails.
    """

    def __init__(
        self,
        *,
        document: Document,
        settings: SettingsStore,
        session: TrainingSession,
        rendering: RenderingService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self._settings = settings
        self.list = QListWidget(self)
        self.list.setAccessibleName("Models")
        self.list.setProperty("role", "models")
        self.list.setIconSize(QSize(_ICON, _ICON))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(EntryDelegate(_ICON, self.list))
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(self._on_item_chosen)
        self.list.itemActivated.connect(self._on_item_chosen)
        self.open_button = QPushButton("Open Checkpoint…", self)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        heading = QLabel("Open model", self)
        heading.setProperty("role", "subheading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.open_button)
        layout.addWidget(self.list, 1)
        layout.addWidget(heading)
        layout.addLayout(self._facts)
        document.model_changed.connect(self._on_document_model_changed)
        settings.changed.connect(self._on_settings_changed)
        session.runs_changed.connect(self.refresh)
        rendering.picture_ready.connect(self._on_picture_ready)
        self._show_facts(document.description)
        self.refresh()

    def refresh(self) -> None:
        """List again what there is."""
        self.list.clear()
        for entry in self._entries():
            item = QListWidgetItem(entry.title)
            item.setData(NOTE_ROLE, entry.note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}, {entry.note}")
            item.setData(Qt.ItemDataRole.UserRole, str(entry.path))
            item.setToolTip(str(entry.path))
            item.setIcon(_thumbnail_icon(entry.path))
            if not entry.path.is_file():
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self._mark_open()

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self.refresh()  # its symbols are drawn in the colours of the theme

    def _entries(self) -> list[ModelEntry]:
        entries = []
        if builtin_path().is_file():
            entries.append(ModelEntry(builtin_path(), "Avatars", "built in"))
        for summary in list_runs()[:_LISTED_RUNS]:
            if snapshots := RunFolder(summary.path).snapshots():
                kimg, path = snapshots[-1]
                entries.append(ModelEntry(path, summary.path.name, f"run, {kimg:,.0f} kimg"))
        known = {entry.path for entry in entries}
        for text in self._settings.values.recent:
            path = Path(text)
            if path not in known:
                note = f"recent, {path.parent.name}" if path.is_file() else "not there any more"
                entries.append(ModelEntry(path, title_of(path), note))
        return entries

    def _mark_open(self) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == self._document.state.checkpoint:
                self.list.setCurrentRow(row)
                return
        self.list.setCurrentRow(-1)

    def _show_facts(self, description: CheckpointDescription | None) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (name, value) in enumerate(_facts_of(description)):
            label = QLabel(name, self)
            label.setProperty("role", "muted")
            shown = QLabel(value, self, wordWrap=True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(shown, row, 1)

    def _on_item_chosen(self, item: QListWidgetItem) -> None:
        path = item.data(Qt.ItemDataRole.UserRole)
        if path != self._document.state.checkpoint:
            self._document.open_requested.emit(Path(path))

    def _on_document_model_changed(self, description: CheckpointDescription | None) -> None:
        self._show_facts(description)
        self._mark_open()

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.recent != new.recent:
            self.refresh()

    def _on_picture_ready(self, rendered: Rendered) -> None:
        path = Path(rendered.request.checkpoint_path)
        target = thumbnail_path(path)
        if target is None or target.exists() or not len(rendered.pixels):
            return
        with contextlib.suppress(OSError):  # a thumbnail is a nicety; without one the row stays blank
            target.parent.mkdir(parents=True, exist_ok=True)
        image = to_image(rendered.pixels[0])
        if image.scaledToHeight(_ICON * 2, Qt.TransformationMode.SmoothTransformation).save(str(target)):
            self.refresh()


def thumbnail_path(checkpoint: Path) -> Path | None:
    """Where the thumbnail of a checkpoint is kept, or None for one that is gone; changes when the file does."""
    try:
        stamp = checkpoint.stat().st_mtime_ns
    except OSError:
        return None
    return user_cache_dir() / "thumbnails" / f"{hash_parts([checkpoint, stamp])}.png"


def _thumbnail_icon(path: Path) -> QIcon:
    preview = builtin_preview_path()
    kept = preview if path == builtin_path() and preview.is_file() else thumbnail_path(path)
    image = QImage(str(kept)) if kept is not None and kept.is_file() else QImage()
    if image.isNull():
        return QIcon(_blank_thumbnail())
    return QIcon(QPixmap.fromImage(image))


def _blank_thumbnail() -> QPixmap:
    """What stands for a model that was never drawn: a small symbol in the middle of an empty square."""
    blank = QPixmap(_ICON * 2, _ICON * 2)
    blank.fill(Qt.GlobalColor.transparent)
    painter = QPainter(blank)
    painter.drawPixmap(_ICON // 2, _ICON // 2, icons.draw("model", theme.current().muted, _ICON))
    painter.end()
    return blank


def _facts_of(description: CheckpointDescription | None) -> list[tuple[str, str]]:
    if description is None:
        return [("", "No model is open")]
    spec = description.spec
    parameters = sum(part.parameters for part in description.components.values())
    rows = [
        ("Family", description.family.upper()),
        ("Pictures", f"{spec.resolution} × {spec.resolution} px, {'colour' if spec.channels == 3 else 'grey'}"),
        ("Latent", f"{spec.z_dim} numbers"),
        ("Parameters", f"{parameters:,}"),
    ]
    if spec.num_classes:
        rows.insert(3, ("Classes", f"{spec.num_classes}"))
    if "kimg" in description.facts:
        rows.append(("Trained", f"on {1000 * float(description.facts['kimg']):,.0f} pictures"))
    return rows
