"""What a new run begins with: fresh weights, or those of a model that knows something already."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QLabel, QWidget

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.beginning import refusal_of_pictures, refusal_to_begin, state_beside
from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PictureFacts
from ganstudio.training.runs.run_folder import is_snapshot, title_of

_FRESH, _SNAPSHOT, _FILE = "fresh", "snapshot", "file"
_DELAY_KIMG = 2.0
_KINDS = "Models (*.safetensors *.pkl *.pt *.pth *.ckpt *.h5 *.npz *.zip);;All files (*)"


def describe(path: Path) -> Iterator[CheckpointDescription]:
    """Work: what a file says it holds."""
    from ganstudio.checkpoints.catalogue import describe as describe_file  # late: readers of all formats

    yield describe_file(path)


class BeginWith(QWidget):
    """Chooses a file to begin with.

    Signals:
        changed(): Another file, or what to do about its discriminator, was chosen.

    Args:
        session: The run it shows offers its best snapshot.
        jobs: Runs the look into the file.
    """

    changed = Signal()

    def __init__(self, session: TrainingSession, jobs: JobList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._description: CheckpointDescription | None = None
        self.path: Path | None = None
        self.choice = QComboBox(self)
        guard_wheel(self.choice)
        self.choice.setAccessibleName("Begin with")
        self.choice.setToolTip("A model that draws similar pictures saves most of the time, and many pictures")
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(8)
        self.choice.activated.connect(self._on_choice_activated)
        self.freeze = QCheckBox("Keep what its discriminator knows", self)
        self.freeze.setToolTip("Freeze D: its first layers do not learn; for few pictures")
        self.freeze.toggled.connect(lambda _checked: self.changed.emit())
        self.wait = QCheckBox("Let a new discriminator learn first", self)
        self.wait.setToolTip(
            f"This file brings none: the generator waits for {_DELAY_KIMG:g} kimg, so that one which knows nothing yet "
            "does not spoil it"
        )
        self.wait.toggled.connect(lambda _checked: self.changed.emit())
        label = QLabel("Begin with", self)
        label.setProperty("role", "muted")
        label.setBuddy(self.choice)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.addWidget(label, 0, 0)
        layout.addWidget(self.choice, 0, 1)
        layout.addWidget(self.freeze, 1, 0, 1, 2)
        layout.addWidget(self.wait, 2, 0, 1, 2)
        layout.setColumnStretch(1, 1)
        session.run_changed.connect(lambda _run: self._list_choices())
        session.phase_changed.connect(lambda _phase: self._list_choices())
        self.choose(None)

    def choose(self, path: Path | None) -> None:
        """Begin with this file, or with fresh weights."""
        self.path, self._description = path, None
        brings_discriminator = path is not None and state_beside(path) is not None
        self.freeze.setVisible(brings_discriminator)
        self.wait.setVisible(path is not None and not brings_discriminator)
        self._list_choices()
        if path is not None:
            job = Job(lambda: describe(path), f"Looking at {path.name}")
            job.progressed.connect(lambda events: self._take(path, events[-1]))
            job.failed.connect(lambda error: self._refuse(path, error))
            self._jobs.start(job)
        self.changed.emit()

    def settings(self) -> dict[str, object]:
        """What is to be set otherwise than the recipe says."""
        if self.path is None:
            return {}
        frozen = {"freeze_discriminator": True} if self._is_on(self.freeze) else {}
        waits = {"generator_delay_kimg": _DELAY_KIMG} if self._is_on(self.wait) else {}
        return {"start_from": str(self.path), **frozen, **waits}

    def refusal(self, config: TrainingConfig, facts: PictureFacts | None) -> str:
        """Why a run of these settings cannot begin with the file, as far as its description tells; "" where it can.

        One of the recipe's own family may be of another size and lend part of its weights: that is found at the start.

        Args:
            config: What is planned.
            facts: Of the pictures, None before some are chosen.
        """
        if self.path is None or self._description is None:
            return ""
        refusal = refusal_to_begin(self._description)
        if refusal is None and facts is not None and self._description.family != config.network:
            classes = int(config.network_config.get("num_classes", 0))
            refusal = refusal_of_pictures(self._description, facts.resolution, facts.channels, classes)
        return "" if refusal is None else f"{self.path.name}: {refusal.reason}; {refusal.remedy}."

    def _is_on(self, choice: QCheckBox) -> bool:
        """Whether it is ticked, and asked at all for this file."""
        return choice.isChecked() and not choice.isHidden()

    def _list_choices(self) -> None:
        self.choice.clear()
        self.choice.addItem("Fresh weights", _FRESH)
        if self.path is not None:
            self.choice.addItem(title_of(self.path) if is_snapshot(self.path) else self.path.name, _FILE)
            self.choice.setCurrentIndex(1)
            self.choice.setToolTip(str(self.path))
        if self._session.history.snapshots and self._session.run is not None:
            self.choice.addItem(f"Best of {self._session.run.name}", _SNAPSHOT)
        self.choice.addItem("A file…", "")

    def _on_choice_activated(self, index: int) -> None:
        kind = self.choice.itemData(index)
        if kind == _FRESH:
            self.choose(None)
        elif kind == _SNAPSHOT:
            best = self._session.best_snapshot()
            self.choose(best.path if best is not None else None)
        elif kind != _FILE:
            self._list_choices()  # what is not a choice itself is not left standing
            if path := QFileDialog.getOpenFileName(self, "Begin with a Model", "", _KINDS)[0]:
                self.choose(Path(path))

    def _take(self, path: Path, description: CheckpointDescription) -> None:
        if path == self.path:
            self._description = description
            self.changed.emit()

    def _refuse(self, path: Path, error: BaseException) -> None:
        if path == self.path:
            self.choose(None)
        self._session.failed.emit(error)
