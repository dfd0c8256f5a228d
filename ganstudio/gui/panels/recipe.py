"""Recipe: how to train, in plain words first; the runs that wait; Start."""

import contextlib
from dataclasses import replace

from PySide6.QtCore import Qt
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
from ganstudio.gui.jobs import JobList
from ganstudio.gui.sections.begin_with import BeginWith
from ganstudio.gui.sections.estimate import EstimateLine
from ganstudio.gui.sections.game_parts import GameParts
from ganstudio.gui.sections.recipe_cards import RecipeCards
from ganstudio.gui.sections.waiting_list import WaitingList
from ganstudio.gui.services.estimating import Estimating
from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.services.waiting_runs import WaitingRuns
from ganstudio.gui.widgets.wheel_guard import guard_wheel
from ganstudio.training.config import TrainingConfig, costs_alike, with_wish
from ganstudio.training.plan import Plan
from ganstudio.training.presets.catalogue import PRESETS

_SKIPPED = ("kimg", "network", "device", "sample_kimg", "snapshot_kimg", "score_kimg", "log_kimg", "sample_count")


class RecipePanel(QWidget):
    """Makes the plan of the next run, and starts it or lets it wait for its turn.

    Args:
        session: Keeps the plan and trains.
        waiting: The runs that wait.
        estimating: Says how long the plan will take.
        jobs: Runs the look into a file to begin with.
    """

    def __init__(
        self,
        *,
        session: TrainingSession,
        waiting: WaitingRuns,
        estimating: Estimating,
        jobs: JobList,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._session = session
        self._waiting = waiting
        self._overrides: dict[str, object] = {}
        self.recipes = RecipeCards(self)
        self._form: DataclassForm | None = None
        self._parts: GameParts | None = None
        self.length = QDoubleSpinBox(self)
        self._is_own_length = False
        self.estimate = EstimateLine(estimating, lambda: self._configured(session.plan), self)
        self._name = QLineEdit(self)
        self.start_button = QPushButton("Start Training", self)
        self._reason = QLabel(self, wordWrap=True)
        self._advanced = QToolButton(self)
        self._form_place = QVBoxLayout()
        self.begin_with = BeginWith(session, jobs, self)
        self.waiting_list = WaitingList(waiting, session, self)
        self._lay_out()
        self._connect()
        self._choose_preset("recommended")

    def _lay_out(self) -> None:
        content = QWidget(self)
        content.setProperty("role", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.recipes)
        column.addWidget(self.begin_with)
        column.addWidget(self._advanced)
        column.addLayout(self._form_place)
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
        box.addWidget(self.waiting_list)
        box.addLayout(self._make_length_row())
        box.addWidget(self.estimate)
        box.addLayout(row)
        return box

    def _connect(self) -> None:
        self.recipes.chosen.connect(self._choose_preset)
        self.length.valueChanged.connect(self._on_length_changed)
        self._name.textEdited.connect(lambda _text: self._plan_changed())
        self._advanced.toggled.connect(self._show_advanced)
        self.begin_with.changed.connect(self._plan_changed)
        self.start_button.clicked.connect(self._on_start_clicked)
        self._session.origin_changed.connect(self._on_origin_changed)
        self._session.phase_changed.connect(lambda _phase: self._refresh_start())
        for signal in (self._session.runs_changed, self._session.run_changed):
            signal.connect(self._refresh_name)
        self._waiting.changed.connect(self._refresh_name)

    def _choose_preset(self, name: str) -> None:
        self._overrides = {}
        self.recipes.show_chosen(name)
        config = self._configured(Plan(name))
        self._show_length(config.kimg)
        self._session.plan = Plan(name, None, self._name.text())
        self._show_config(config)
        self._plan_changed()

    def _show_length(self, kimg: float) -> None:
        """Show a length that is the recipe's, not the person's."""
        self._is_own_length = False
        self.length.blockSignals(True)
        self.length.setValue(kimg)
        self.length.blockSignals(False)

    def _on_length_changed(self, _kimg: float) -> None:
        self._is_own_length = True
        self._plan_changed()

    def _configured(self, plan: Plan) -> TrainingConfig:
        facts = self._session.source_facts
        return plan.configure(facts) if facts is not None else plan.configure(_UnknownPictures())

    def _plan_changed(self) -> None:
        overrides = {**self._overrides, **self.begin_with.settings()}
        self._session.plan = Plan(self._session.plan.preset, self.length.value(), self._name.text(), overrides)
        self._refresh_start()

    def _show_advanced(self, shown: bool) -> None:
        self._advanced.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        if shown and self._form is None:
            self._form = DataclassForm(self._configured(self._session.plan), _SKIPPED, self)
            self._form.edited.connect(self._on_form_edited)
            heading = QLabel("Penalties, cures and augmentation", self, wordWrap=True)
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
        self._overrides = with_wish(self._overrides, name, value)
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
            if not self._is_own_length:
                self._show_length(self._configured(Plan(self._session.plan.preset)).kimg)
                self._plan_changed()
            self._show_config(self._configured(self._session.plan))
        if self._session.source_facts is not None:
            self.recipes.explain(self._session.source_facts)
        self._refresh_name()
        self._refresh_start()

    def _refresh_name(self, *_what: object) -> None:
        self._name.setPlaceholderText(self._session.next_name())

    def _on_start_clicked(self) -> None:
        self._waiting.start()
        self._name.clear()
        self._plan_changed()

    def _refresh_start(self) -> None:
        reason, planned = "", None
        try:
            planned = self._configured(self._session.plan)
        except GanStudioError as error:
            unfit = error.sentence
        else:
            unfit = self.begin_with.refusal(planned, self._session.source_facts)
        if self._session.origin is None:
            reason = "Choose pictures first."
        elif self._session.source_facts is not None:
            refusal = PRESETS[self._session.plan.preset].refusal(self._session.source_facts)
            reason = refusal.sentence if refusal is not None else ""
        reason = reason or unfit
        self.start_button.setEnabled(not reason)
        self.start_button.setText("Add to Queue" if self._session.is_busy else "Start Training")
        waits = "Begins after those before it." if self._session.is_busy else ""
        self._reason.setText(reason or waits)
        self.estimate.show_plan(not self._session.is_busy, self._seconds_as_before(planned))

    def _seconds_as_before(self, planned: TrainingConfig | None) -> float | None:
        """How long the plan takes at the speed of the last run, where that played rounds of the same kind."""
        history = self._session.history
        if planned is None or history.config is None or history.images_per_second <= 0:
            return None
        if not costs_alike(replace(planned, threads=history.config.threads), history.config):
            return None
        return self.length.value() * 1000 / history.images_per_second


class _UnknownPictures:
    """Stands in until pictures are chosen, so that lengths and settings can be shown."""

    count = None
    resolution = 64
    channels = 3
    class_count = 0
