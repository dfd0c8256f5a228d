"""Recipe: how to train, in plain words first; the runs there are; Start."""

import contextlib
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.errors import GanStudioError
from ganstudio.gui.forms import DataclassForm
from ganstudio.gui.sections.estimate import EstimateLine
from ganstudio.gui.sections.game_parts import GameParts
from ganstudio.gui.sections.recipe_cards import RecipeCards
from ganstudio.gui.services.estimating import Estimating
from ganstudio.gui.services.training_session import Plan, RunSummary, TrainingSession, list_runs, next_run_name
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.catalogue import PRESETS

_SKIPPED = ("kimg", "network", "device", "sample_kimg", "snapshot_kimg", "score_kimg", "log_kimg", "sample_count")
_LISTED_RUNS = 6


class RunRow(QWidget):
    """One run on disk: its name, how far it is, and what can be done with it.

    Signals:
        shown(), resumed(): The person wants to look at it, to go on with it.
    """

    shown = Signal()
    resumed = Signal()

    def __init__(self, summary: RunSummary, parent: QWidget) -> None:
        super().__init__(parent)
        name = QPushButton(summary.path.name, self)
        name.setProperty("role", "link")
        name.setToolTip(f"Show this run\n{summary.path}")
        name.clicked.connect(self.shown)
        state = QLabel(_say_state(summary), self, wordWrap=True)  # else a long one widens the whole column
        state.setProperty("role", "muted")
        resume = QPushButton("Resume", self)
        resume.setProperty("role", "flat")
        resume.setVisible(not summary.is_finished and not summary.locked)
        resume.setAccessibleName(f"Resume {summary.path.name}")
        resume.clicked.connect(self.resumed)
        self.resume_button = resume
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.addWidget(name, 0, 0)
        layout.addWidget(state, 1, 0)
        layout.addWidget(resume, 0, 1, 2, 1)
        layout.setColumnStretch(0, 1)


def _say_state(summary: RunSummary) -> str:
    if summary.locked:
        return f"being trained, {summary.kimg:.1f} of {summary.planned_kimg:g} kimg"
    if summary.is_finished:
        return f"finished, {summary.planned_kimg:g} kimg"
    return f"stopped at {summary.kimg:.1f} of {summary.planned_kimg:g} kimg"


class RecipePanel(QWidget):
    """Makes the plan of the next run, and starts or resumes runs.

    Args:
        session: Keeps the plan and trains.
        estimating: Says how long the plan will take.
    """

    def __init__(self, *, session: TrainingSession, estimating: Estimating, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session = session
        self._overrides: dict[str, object] = {}
        self.recipes = RecipeCards(self)
        self._form: DataclassForm | None = None
        self._parts: GameParts | None = None
        self.length = QDoubleSpinBox(self)
        self.estimate = EstimateLine(estimating, lambda: self._configured(session.plan), self)
        self._name = QLineEdit(self)
        self.start_button = QPushButton("Start Training", self)
        self._reason = QLabel(self, wordWrap=True)
        self._advanced = QToolButton(self)
        self._form_place = QVBoxLayout()
        self._runs = QVBoxLayout()
        self._runs_heading = QLabel("Runs", self)
        self._lay_out()
        self._connect()
        self._choose_preset("recommended")
        self._refresh_runs()

    def _lay_out(self) -> None:
        content = QWidget(self)
        content.setProperty("role", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.recipes)
        column.addWidget(self._advanced)
        column.addLayout(self._form_place)
        column.addSpacing(8)
        column.addWidget(self._runs_heading)
        column.addLayout(self._runs)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(self._make_start_box())  # below the scrolled part: always in sight

    def _make_length_row(self) -> QGridLayout:
        self.length.setRange(0.1, 100_000)
        self.length.setDecimals(1)
        self.length.setSuffix(" kimg")
        guard_wheel(self.length)
        self.length.lineEdit().setTextMargins(4, 0, 0, 0)  # the style sheet's padding does not reach it
        self.length.setToolTip("Thousands of pictures to show to the discriminator")
        self._name.setMaxLength(80)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for row, (text, widget) in enumerate((("Length", self.length), ("Name", self._name))):
            label = QLabel(text, self)
            label.setProperty("role", "muted")
            label.setBuddy(widget)
            widget.setAccessibleName(text)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        grid.setColumnStretch(1, 1)
        self._advanced.setText("Advanced")
        self._advanced.setCheckable(True)
        self._advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._advanced.setArrowType(Qt.ArrowType.RightArrow)
        self._runs_heading.setProperty("role", "heading")
        return grid

    def _make_start_box(self) -> QVBoxLayout:
        self.start_button.setProperty("role", "primary")
        self._reason.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._reason, 1)
        row.addWidget(self.start_button)
        box = QVBoxLayout()
        box.setContentsMargins(12, 8, 12, 12)
        box.setSpacing(8)
        box.addLayout(self._make_length_row())
        box.addWidget(self.estimate)
        box.addLayout(row)
        return box

    def _connect(self) -> None:
        self.recipes.chosen.connect(self._choose_preset)
        self.length.valueChanged.connect(lambda _value: self._plan_changed())
        self._name.textEdited.connect(lambda _text: self._plan_changed())
        self._advanced.toggled.connect(self._show_advanced)
        self.start_button.clicked.connect(self._on_start_clicked)
        self._session.origin_changed.connect(self._on_origin_changed)
        self._session.phase_changed.connect(lambda _phase: self._refresh_start())
        self._session.runs_changed.connect(self._refresh_runs)

    def _choose_preset(self, name: str) -> None:
        self._overrides = {}
        self.recipes.show_chosen(name)
        config = self._configured(Plan(name))
        self.length.blockSignals(True)
        self.length.setValue(config.kimg)
        self.length.blockSignals(False)
        self._session.plan = Plan(name, None, self._name.text())
        self._show_config(config)
        self._plan_changed()

    def _configured(self, plan: Plan) -> TrainingConfig:
        facts = self._session.source_facts
        return plan.configure(facts) if facts is not None else plan.configure(_UnknownPictures())

    def _plan_changed(self) -> None:
        self._session.plan = Plan(
            self._session.plan.preset, self.length.value(), self._name.text(), dict(self._overrides)
        )
        self._refresh_start()

    def _show_advanced(self, shown: bool) -> None:
        self._advanced.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        if shown and self._form is None:
            self._form = DataclassForm(self._configured(self._session.plan), _SKIPPED, self)
            self._form.edited.connect(self._on_form_edited)
            heading = QLabel("Penalties, cures and augmentation", self)
            heading.setProperty("role", "heading")
            self._parts = GameParts(self)
            self._parts.changed.connect(self._on_parts_changed)
            self._parts.show_config(self._configured(self._session.plan))
            for part in (self._form, heading, self._parts):
                self._form_place.addWidget(part)
        for index in range(self._form_place.count()):
            if (item := self._form_place.itemAt(index)) and (widget := item.widget()):
                widget.setVisible(shown)

    def _on_form_edited(self, name: str) -> None:
        if self._form is not None:
            self._overrides[name] = getattr(self._form.value, name)
            self._plan_changed()

    def _on_parts_changed(self, name: str, value: object) -> None:
        """Take one setting of a part; one that is switched starts with its own settings."""
        if isinstance(value, bool) and "." not in name:
            for known in [known for known in self._overrides if known.startswith(f"{name}.")]:
                del self._overrides[known]
        self._overrides[name] = value
        self._plan_changed()
        try:
            self._show_config(self._configured(self._session.plan))
        except GanStudioError:
            return  # _plan_changed has said why

    def _show_config(self, config: TrainingConfig) -> None:
        if self._form is not None:
            self._form.show_value(config)
        if self._parts is not None:
            self._parts.show_config(config)

    def _on_origin_changed(self, _origin: object) -> None:
        with contextlib.suppress(GanStudioError):  # _refresh_start says why
            self._show_config(self._configured(self._session.plan))
        if self._session.source_facts is not None:
            self.recipes.explain(self._session.source_facts)
        origin = self._session.origin
        self._name.setPlaceholderText(next_run_name(origin) if origin is not None else "")
        self._refresh_start()

    def _on_start_clicked(self) -> None:
        self._session.start()
        self._name.clear()

    def _refresh_start(self) -> None:
        reason = ""
        if self._session.is_busy:
            reason = "A run is going on; stop it first."
        elif self._session.origin is None:
            reason = "Choose pictures first."
        elif self._session.source_facts is not None:
            refusal = PRESETS[self._session.plan.preset].refusal(self._session.source_facts)
            reason = refusal.sentence if refusal is not None else ""
        reason = reason or self._refusal_of_settings()
        self.start_button.setEnabled(not reason)
        self._reason.setText(reason)
        speed = self._session.history.images_per_second
        seconds = self.length.value() * 1000 / speed if speed > 0 else None
        self.estimate.show_plan(not self._session.is_busy, seconds)

    def _refusal_of_settings(self) -> str:
        """Why the settings do not go together, or ""."""
        try:
            self._configured(self._session.plan)
        except GanStudioError as error:
            return error.sentence
        return ""

    def _refresh_runs(self) -> None:
        while (item := self._runs.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        runs = list_runs()[:_LISTED_RUNS]
        self._runs_heading.setVisible(bool(runs))
        for summary in runs:
            row = RunRow(summary, self)
            row.shown.connect(partial(self._session.show_run, summary.path))
            row.resumed.connect(partial(self._session.resume_run, summary.path))
            self._runs.addWidget(row)
        self._refresh_start()


class _UnknownPictures:
    """Stands in until pictures are chosen, so that lengths and settings can be shown."""

    count = None
    resolution = 64
    channels = 3
    class_count = 0
