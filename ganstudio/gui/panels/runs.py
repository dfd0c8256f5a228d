"""All runs: a table with what was measured, a note on each, and what can be done with them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFile, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPlainTextEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.sections.run_table import RunTable
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.gui.widgets.elided_label import ElidedLabel
from ganstudio.training.errors import RunFolderError
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import RunSummary, list_runs, runs_folder, summarise

_SAVE_NOTE_AFTER_MS = 800


class NoteEditor(QWidget):
    """What the person writes about a run; kept by itself.

    Signals:
        kept(): A note was written to its run.
        failed(error): It could not be.
    """

    kept = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: RunFolder | None = None
        self._heading = ElidedLabel(self)
        self._heading.setProperty("role", "heading")
        self.field = QPlainTextEdit(self)
        self.field.setAccessibleName("Note")
        self.field.setTabChangesFocus(True)
        self.field.setPlaceholderText("What was tried, what came of it. Kept in the run's folder.")
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_NOTE_AFTER_MS)
        self._timer.timeout.connect(self.keep)
        self.field.textChanged.connect(self._timer.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._heading)
        layout.addWidget(self.field, 1)

    def show_run(self, summary: RunSummary | None) -> None:
        """Show the note of another run; the one before is kept first."""
        run = None if summary is None else RunFolder(summary.path)
        if run is not None and self._run is not None and run.path == self._run.path:
            return
        self.keep()
        self._run = run
        self.field.blockSignals(True)
        self.field.setPlainText("" if summary is None else summary.note)
        self.field.blockSignals(False)
        self.field.setEnabled(run is not None)
        self._heading.setText("Note" if run is None else f"Note on {run.name}")

    def keep(self) -> None:
        """Write the note, where it was changed."""
        self._timer.stop()
        if self._run is None or self._run.note() == self.field.toPlainText():
            return
        try:
            self._run.write_note(self.field.toPlainText())
        except GanStudioError as error:
            self.failed.emit(error)
            return
        self.kept.emit()


class RunsPanel(QWidget):
    """The table of runs.

    Args:
        session: Shows and resumes them.
        waiting: Lets them wait for their turn.

    Signals:
        run_wanted(): A run was chosen to be looked at.
        comparison_wanted(first, second): Two runs were chosen to be seen beside each other.
    """

    run_wanted = Signal()
    comparison_wanted = Signal(object, object)

    def __init__(self, *, session: TrainingSession, waiting: WaitingRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._waiting = session, waiting
        self._runs: dict[Path, RunSummary] = {}
        self._message = QLabel(self, wordWrap=True)
        self._message.setProperty("role", "muted")
        self.table = RunTable(self)
        self.note = NoteEditor(self)
        self.show_button = self._make_button("Show", "Look at this run", self._show)
        self.resume_button = self._make_button("Resume", "", self._resume)
        self.compare_button = self._make_button("Compare", "Look at two runs beside each other", self._compare)
        self.folder_button = self._make_button("Open Folder", "Show its files", self._open_folder)
        self.trash_button = self._make_button("Move to Trash", "", self._move_to_trash)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.show_button, self.resume_button, self.compare_button):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.folder_button, self.trash_button):
            row.addWidget(button)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.table)
        splitter.addWidget(self.note)
        splitter.setSizes([400, 110])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._message)
        layout.addWidget(splitter, 1)
        layout.addLayout(row)

    def _connect(self) -> None:
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.table.itemActivated.connect(lambda _row, _column: self._show())
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.note.kept.connect(self.refresh)
        self.note.failed.connect(self._session.failed)
        for signal in (self._session.runs_changed, self._session.run_changed, self._waiting.changed):
            signal.connect(self._on_runs_changed)
        self._session.phase_changed.connect(self._on_runs_changed)

    def _make_button(self, text: str, tip: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.clicked.connect(act)
        return button

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self.note.keep()

    def refresh(self) -> None:
        """Ask the disk again."""
        runs = list_runs(runs_folder())
        shown = self._session.run
        if shown is not None and shown.exists and shown.path not in {run.path for run in runs}:
            runs.insert(0, summarise(shown))  # one that is kept elsewhere
        self._runs = {run.path: run for run in runs}
        self.table.show_runs(runs)
        self._message.setText("" if runs else "Every run that you train is listed here, with its best score.")
        self._message.setVisible(not runs)

    def _on_runs_changed(self, *_what: object) -> None:
        if self.isVisible():
            self.refresh()

    def _chosen(self) -> list[RunSummary]:
        return [self._runs[path] for path in self.table.chosen() if path in self._runs]

    def _on_selection_changed(self) -> None:
        chosen = self._chosen()
        one = chosen[0] if len(chosen) == 1 else None
        readable = [run for run in chosen if not run.problem]
        self.note.show_run(one)
        busy = self._session.is_busy
        self.show_button.setEnabled(one is not None and not one.problem and not busy)
        self.resume_button.setEnabled(one is not None and one.can_go_on and self._may_wait(one))
        self.resume_button.setText("Add to Queue" if busy else "Resume")
        self.resume_button.setToolTip(
            "Goes on by itself when the runs before it have ended" if busy else "Go on where it stopped"
        )
        self.compare_button.setEnabled(len(chosen) == len(readable) == 2)
        self.folder_button.setEnabled(one is not None)
        self.trash_button.setEnabled(bool(chosen) and not any(self._is_in_use(run) for run in chosen))
        self.trash_button.setToolTip("Move the chosen runs to the trash, with all that they made")

    def _may_wait(self, run: RunSummary) -> bool:
        """Whether a run can be queued by its name, where another is trained."""
        is_ours = run.path.parent == runs_folder()
        return not self._session.is_busy or (is_ours and run.path.name not in self._waiting.queue.names())

    def _is_in_use(self, run: RunSummary) -> bool:
        is_trained = self._session.is_busy and self._session.run is not None and self._session.run.path == run.path
        return run.locked or is_trained

    def _show(self) -> None:
        if self.show_button.isEnabled():
            self._session.show_run(self._chosen()[0].path)
            self.run_wanted.emit()

    def _resume(self) -> None:
        path = self._chosen()[0].path
        if self._session.is_busy:
            self._waiting.add_resume(path.name)
        else:
            self._session.resume_run(path)
            self.run_wanted.emit()

    def _compare(self) -> None:
        first, second = self._chosen()
        self.comparison_wanted.emit(first.path, second.path)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._chosen()[0].path)))

    def _move_to_trash(self) -> None:
        self.note.show_run(None)
        for run in self._chosen():
            if self._session.run is not None and self._session.run.path == run.path:
                self._session.show_nothing()
            if not QFile.moveToTrash(str(run.path)):
                remedy = "delete the folder by hand if you are sure"
                self._session.failed.emit(RunFolderError(run.path, "this system has no trash to move it to", remedy))
        self._session.runs_changed.emit()
        self.refresh()

    def _on_menu_requested(self, place: QPoint) -> None:
        if self.table.itemAt(place) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (
            self.show_button, self.resume_button, self.compare_button, self.folder_button, self.trash_button
        ):  # fmt: skip
            action = menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(lambda _checked=False, pressed=button: pressed.click())
        menu.popup(self.table.viewport().mapToGlobal(place))
