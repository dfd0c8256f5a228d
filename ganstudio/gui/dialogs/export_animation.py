"""The animation as a film: what to write and where, what it will take, and how far it is."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.exporting.plan import ExportPlan
from ganstudio.animation.formats.catalogue import FORMATS, LISTED
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.pages.film_settings import FilmSettings
from ganstudio.gui.services.animation_export import AnimationExport, Running, say_estimate
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project.state import Project

if TYPE_CHECKING:
    from ganstudio.animation.estimate import Estimate

_PREVIEW_PX = 192
_SETTLED_MS = 700  # after the last edit, before an estimate is begun
_NO_PREVIEW = "A frame comes here"


class ExportAnimationDialog(QDialog):
    """Stays beside the window; the export goes on when it is closed.

    Args:
        exporting: Exports and estimates.
        document: Says what is exported.
        parent: The window.
    """

    def __init__(self, exporting: AnimationExport, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export Animation")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 560)
        self._exporting, self._document = exporting, document
        self.settings = FilmSettings(document.state.timeline, self._resolution(), self)
        self.place = QLineEdit(self)
        self.place.setAccessibleName("File")
        self.choose_button = self._button("Choose…", self.choose)
        self.export_button = self._button("Export", self.start)
        self.export_button.setProperty("role", "primary")
        self.cancel_button = self._button("Cancel Export", self.cancel)
        self.estimate, self.problem, self.doing = (QLabel(self, wordWrap=True) for _ in range(3))
        for label, role in ((self.estimate, "muted"), (self.problem, "danger"), (self.doing, "muted")):
            label.setProperty("role", role)
        self.preview = QLabel(_NO_PREVIEW, self, alignment=Qt.AlignmentFlag.AlignCenter)
        self.preview.setProperty("role", "muted")
        self.preview.setFixedSize(QSize(_PREVIEW_PX, _PREVIEW_PX))
        self.preview.setAccessibleName("The newest frame")
        self.bar = QProgressBar(self, textVisible=False)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._on_settled)
        self._lay_out()
        self.place.setText(str(self._first_place()))
        self.settings.edited.connect(self._on_edited)
        self.settings.format_changed.connect(self._on_format_changed)
        self.place.textChanged.connect(self._on_edited)
        self.place.textEdited.connect(self._on_place_edited)
        exporting.changed.connect(self._show_progress)
        exporting.estimated.connect(self._on_estimated)
        document.changed.connect(self._on_document_changed)
        self._on_edited()
        self._show_progress()

    def start(self) -> None:
        """Export as it is set."""
        try:
            plan = self._plan()
            plan.check()
        except GanStudioError as error:
            self._refuse(error)
            return
        if not self._exporting.start(plan):
            self._refuse(AnimationError(plan.output.name, "it is being written already", "choose another name"))

    def cancel(self) -> None:
        """End the export of the file that is named."""
        if (one := self._shown()) is not None:
            self._exporting.cancel(one.plan.output)

    def choose(self) -> None:
        """Ask where to."""
        kind = self.settings.kind
        if kind.is_folder:
            name = QFileDialog.getExistingDirectory(self, "Export into", self.place.text())
        else:
            pattern = f"{kind.title.split(' (')[0]} (*{kind.suffix})"
            name, _kind = QFileDialog.getSaveFileName(self, "Export Animation", self.place.text(), pattern)
        if name:
            path = Path(name)
            self.place.setText(str(path if path.suffix or kind.is_folder else path.with_suffix(kind.suffix)))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102, N802 - Qt's name
        self._settled.stop()
        self._exporting.stop_estimating()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        area = QScrollArea(self, widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(self.settings)
        side = QVBoxLayout()
        side.addWidget(self.preview)
        side.addStretch(1)
        upper = QHBoxLayout()
        upper.setSpacing(24)
        upper.addWidget(area, 1)
        upper.addLayout(side)
        where = QHBoxLayout()
        where.setSpacing(8)
        label = QLabel("File", self)
        label.setBuddy(self.place)
        for widget in (label, self.place, self.choose_button):
            where.addWidget(widget)
        run = QHBoxLayout()
        run.setSpacing(12)
        run.addWidget(self.bar)
        run.addWidget(self.doing, 1)
        run.addWidget(self.estimate, 1)
        run.addWidget(self.cancel_button)
        run.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(upper, 1)
        column.addLayout(where)
        column.addWidget(self.problem)
        column.addLayout(run)
        self.bar.setFixedWidth(160)

    def _button(self, text: str, run: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    def _resolution(self) -> int:
        description = self._document.description
        return description.spec.resolution if description is not None else 256

    def _first_place(self) -> Path:
        document = self._document
        if document.path is not None:
            return document.path.with_suffix(self.settings.kind.suffix)
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MoviesLocation)
        return Path(folder if Path(folder).is_dir() else Path.home()) / f"animation{self.settings.kind.suffix}"

    def _plan(self) -> ExportPlan:
        text = self.place.text().strip()
        if not text:
            raise AnimationError("file", "it has no name yet", "choose where the film goes")
        return self._exporting.plan(Path(text).expanduser().absolute(), **self.settings.values())

    def _on_format_changed(self, _name: str) -> None:
        path = Path(self.place.text())
        self.place.setText(str(path.with_suffix(self.settings.kind.suffix)))

    def _on_place_edited(self, text: str) -> None:
        """Follow a suffix that is typed."""
        suffix = Path(text).suffix.lower()
        known = next((row for row, name in enumerate(LISTED) if FORMATS[name].suffix == suffix), None)
        if suffix and known is not None:
            self.settings.format.setCurrentIndex(known)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.timeline != new.timeline:
            self.settings.show_timeline(new.timeline)
        self._on_edited()

    def _on_edited(self) -> None:
        """Say what is wrong, or find out what it will take once the person pauses."""
        self._exporting.stop_estimating()
        self.estimate.clear()
        try:
            plan = self._plan()
            plan.check()
        except GanStudioError as error:
            self._refuse(error)
            self._settled.stop()
            return
        replaces = plan.output.exists() and not plan.kind.is_folder
        self.problem.setText(f"{plan.output.name} is there already and will be replaced" if replaces else "")
        self.problem.setVisible(replaces)
        self.export_button.setEnabled(True)
        self._settled.start()

    def _refuse(self, error: GanStudioError) -> None:
        self.problem.setText(f"{error.subject}: {error.reason}; {error.remedy}")
        self.problem.show()
        self.export_button.setEnabled(False)

    def _on_settled(self) -> None:
        if self._exporting.running:
            return  # it would take its time from that
        try:
            plan = self._plan()
        except GanStudioError:
            return
        self.estimate.setText("Estimating…")
        self._exporting.estimate(plan)

    def _on_estimated(self, _plan: object, estimate: "Estimate | None") -> None:
        self.estimate.setText("" if estimate is None else say_estimate(estimate))
        if estimate is not None and estimate.preview is not None:
            self.preview.setPixmap(_fitting(QPixmap.fromImage(to_image(estimate.preview))))

    def _shown(self) -> Running | None:
        """The export that was begun last."""
        return self._exporting.running[-1] if self._exporting.running else None

    def _show_progress(self) -> None:
        one = self._shown()
        for widget in (self.bar, self.doing, self.cancel_button):
            widget.setVisible(one is not None)
        self.estimate.setVisible(one is None)
        if one is None:
            return
        self.bar.setRange(0, 0 if one.fraction is None else 1000)
        self.bar.setValue(round(1000 * (one.fraction or 0)))
        self.doing.setText(f"{one.plan.output.name[:40]}: {one.text}")
        if one.preview is not None:
            self.preview.setPixmap(_fitting(QPixmap.fromImage(one.preview)))


def _fitting(pixmap: QPixmap) -> QPixmap:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return pixmap.scaled(_PREVIEW_PX, _PREVIEW_PX, keep, smooth)
