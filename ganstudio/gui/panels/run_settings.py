"""The settings of the run shown: what can be changed on the way is changed here, and the run goes on with it."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.forms import DataclassForm
from ganstudio.gui.sections.game_parts import GameParts
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.training.config import TrainingConfig, with_wish
from ganstudio.training.runs.changes import FIXED, FIXED_PARTS, settings_after
from ganstudio.training.runs.comparing import say_settings

_GOES_ON = (Phase.TRAINING, Phase.PAUSED)
_MAY_CHANGE = (*_GOES_ON, Phase.STOPPED, Phase.FINISHED, Phase.FAILED)
_FOR_LIFE = "It changes what the discriminator is made of: a run keeps it for life."
_WIDEST = 640


class RunSettingsPanel(QWidget):
    """A form of the settings, and what was changed so far.

    Args:
        session: The run shown is changed through it.
    """

    def __init__(self, *, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session = session
        self._config: TrainingConfig | None = None
        self._wanted: TrainingConfig | None = None
        self.pending: dict[str, Any] = {}
        self.form: DataclassForm | None = None
        self.parts: GameParts | None = None
        self._message = QLabel(self, wordWrap=True)
        self._message.setProperty("role", "muted")
        self._reason = QLabel(self, wordWrap=True)
        self._changes = QLabel(self, wordWrap=True)
        self._changes.setProperty("role", "muted")
        self.apply_button = QPushButton("Apply and Go On", self)
        self.apply_button.setProperty("role", "primary")
        self.apply_button.clicked.connect(self._apply)
        self.revert_button = QPushButton("Revert", self)
        self.revert_button.setToolTip("Forget what was changed here and not applied")
        self.revert_button.clicked.connect(self._revert)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        for signal in (session.run_changed, session.phase_changed, session.record_changed):
            signal.connect(self._on_session_changed)

    def _lay_out(self) -> None:
        content = QWidget(self)
        content.setProperty("role", "panel")
        content.setMaximumWidth(_WIDEST)
        content.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.addWidget(self._changes)
        self._column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(content)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._reason, 1)
        row.addWidget(self.revert_button)
        row.addWidget(self.apply_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self._message)
        layout.addWidget(scroll, 1)
        layout.addLayout(row)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the settings as they are, with what is to be changed."""
        config = self._session.history.config
        if config != self._config:
            self._config = config
            self.pending = self._still_possible(config)
        if config is not None and self.form is None:
            self._make_forms(config)
        for part in (self.form, self.parts):
            if part is not None:
                part.setVisible(config is not None)
        self._show_changes()
        self._show_wanted()

    def _still_possible(self, config: TrainingConfig | None) -> dict[str, Any]:
        """What is to be changed still, where the run has got other settings by itself."""
        if config is None or self.form is None:
            return {}
        try:
            return self.pending if settings_after(config, self.pending) != config else {}
        except GanStudioError:
            return {}

    def _make_forms(self, config: TrainingConfig) -> None:
        self.form = DataclassForm(config, FIXED, self)
        self.form.edited.connect(self._on_form_edited)
        heading = QLabel("Penalties, cures and augmentation", self, wordWrap=True)
        heading.setProperty("role", "heading")
        self.parts = GameParts(self)
        self.parts.fix(FIXED_PARTS, _FOR_LIFE)
        self.parts.changed.connect(self._want)
        for index, widget in enumerate((self.form, heading, self.parts)):
            self._column.insertWidget(index, widget)

    def _show_wanted(self) -> None:
        """Show the settings with what is to be changed, or why these do not go together."""
        self._wanted, reason = self._config, ""
        if self._config is not None:
            try:
                self._wanted = settings_after(self._config, self.pending)
            except GanStudioError as error:
                self._wanted, reason = None, error.sentence
        if self._wanted is not None and self.form is not None and self.parts is not None:
            self.form.show_value(self._wanted)
            self.parts.show_config(self._wanted)
        self._reason.setText(reason)
        self._refresh_buttons()

    def _on_form_edited(self, name: str) -> None:
        if self.form is not None:
            self._want(name, getattr(self.form.value, name))

    def _want(self, name: str, value: Any) -> None:
        self.pending = with_wish(self.pending, name, value)
        self._show_wanted()

    def _revert(self) -> None:
        self.pending = {}
        self._show_wanted()

    def _apply(self) -> None:
        values, self.pending = self.pending, {}
        self._session.change_settings(values)

    def _show_changes(self) -> None:
        changes = self._session.history.changes
        lines = [f"{kimg:.1f} kimg: {say_settings(settings)}" for kimg, settings in changes]
        taken = self._session.history.taken
        lines = ([f"This run {taken}."] if taken else []) + (["Changed so far:", *lines] if lines else [])
        self._changes.setText("\n".join(lines))
        self._changes.setVisible(bool(lines))

    def _refresh_buttons(self) -> None:
        phase = self._session.phase
        is_changed = self._wanted is not None and self._wanted != self._config
        may_change = phase in _MAY_CHANGE and self._session.run is not None
        for part in (self.form, self.parts):
            if part is not None:
                part.setEnabled(may_change)
        self.apply_button.setEnabled(is_changed and may_change)
        self.apply_button.setText("Apply and Go On" if phase in _GOES_ON else "Apply and Resume")
        self.revert_button.setEnabled(bool(self.pending))
        self._message.setText(self._explanation())

    def _explanation(self) -> str:
        if self._config is None:
            return "The settings of the run shown stand here; there is none yet."
        if self._session.run is None:
            return "Another program trained this run."
        if self._session.phase is Phase.WATCHING:
            return "Trained elsewhere: stop it there to change its settings."
        return (
            "Changes hold from where the run stands. It is saved, stopped and resumed for them; what the networks are "
            "made of, the seed and the held-out pictures stay for life."
        )

    def _on_session_changed(self, *_what: object) -> None:
        if self.isVisible() and self._session.history.config != self._config:
            self._soon.start()
        elif self.isVisible():
            self._refresh_buttons()
