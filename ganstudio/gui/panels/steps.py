"""Step by Step: the game between generator and discriminator on points of the plane, to be played by hand and seen."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QToolButton, QVBoxLayout, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.pages.toy_setup import ToySetup
from ganstudio.gui.services.toy_game import Played, ToyGame
from ganstudio.gui.widgets.notice_bar import NoticeBar
from ganstudio.gui.widgets.point_plot import PlaneView, PointPlot
from ganstudio.training.toys.distributions import LEAST_DRAWN
from ganstudio.training.toys.findings import ToyFinding
from ganstudio.training.toys.words import DISCRIMINATOR, GENERATOR, ROUND

_SPEEDS = (0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 60.0, 1000.0)  # rounds a second; the last is as fast as it goes
_SETUP_WIDTH, _FACTS_WIDTH = 248, 312
_DRAW = f"Click or drag in the plane to put points; {LEAST_DRAWN} are enough to begin."


class Transport(QWidget):
    """Who learns next, and how fast it goes on by itself."""

    def __init__(self, game: ToyGame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._game = game
        self.buttons: dict[str, QPushButton] = {}
        for who, text, hint in (
            (DISCRIMINATOR, "Only D", "The discriminator learns once; the points stay"),
            (GENERATOR, "Only G", "The generator learns once; the landscape stays"),
            (ROUND, "One Round", "Both learn, as in training"),
        ):
            button = QPushButton(text, self)
            button.setToolTip(hint)
            button.clicked.connect(lambda _checked=False, who=who: game.move(who))
            self.buttons[who] = button
        self.play = QPushButton("Play", self)
        self.play.setProperty("role", "primary")
        self.play.setMinimumWidth(80)
        self.play.clicked.connect(lambda: game.pause() if game.is_playing else game.play())
        self.speed = QSlider(Qt.Orientation.Horizontal, self)
        self.speed.setRange(0, len(_SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setAccessibleName("Speed")
        self.speed.setFixedWidth(120)
        self._say = QLabel(self)
        self._say.setProperty("role", "muted")
        self._say.setMinimumWidth(96)
        self.speed.valueChanged.connect(self._on_speed_value_changed)
        self.speed.setValue(len(_SPEEDS) - 2)
        game.playing_changed.connect(lambda is_playing: self.play.setText("Pause" if is_playing else "Play"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (*self.buttons.values(), self.play):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.speed)
        row.addWidget(self._say)
        row.addStretch(1)

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a game to play."""
        for button in (*self.buttons.values(), self.play):
            button.setEnabled(is_ready)

    def _on_speed_value_changed(self, value: int) -> None:
        speed = self._game.rounds_per_second = _SPEEDS[value]
        is_last = value == len(_SPEEDS) - 1
        self._say.setText("full speed" if is_last else f"{speed:g} round{'' if speed == 1 else 's'}/s")


class StepsPanel(QWidget):
    """The whole of the Step by Step workspace.

    Args:
        game: What is played.
    """

    def __init__(self, *, game: ToyGame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._game = game
        self.setup = ToySetup(self)
        self.plot = PointPlot(self)
        self.transport = Transport(game, self)
        self.words = QLabel(self, wordWrap=True)
        self.words.setMinimumHeight(54)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.facts = QLabel(self)
        self.facts.setProperty("role", "muted")
        self.scores = QLabel(self)
        self.notice = NoticeBar(self)
        self._told: tuple[str, ...] = ()
        self._curves: Any = None
        self._curves_place = QVBoxLayout()
        self.layers = {name: self._make_layer(name, text) for name, text in _LAYERS}
        self._lay_out()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        if self._curves is None:
            from ganstudio.gui.widgets.toy_curves import ToyCurves  # late: pyqtgraph takes most of a second to load

            self._curves = ToyCurves(self)
            self._curves_place.addWidget(self._curves)
            self.restart()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self._game.pause()

    def restart(self) -> None:
        """Begin the game that is set up."""
        is_own = self.setup.distribution == "own"
        self.plot.set_drawing(is_own)
        self._told = ()
        self.notice.hide()
        mixture = self.setup.mixture()
        self.transport.set_ready(mixture is not None)
        if mixture is not None:
            self._game.begin(self.setup.config(), mixture)
            return
        self._game.leave()
        self.words.setText(_DRAW)
        self.plot.show_view(PlaneView(reach=self.setup.frame))
        self.facts.setText("")
        self.scores.setText("")

    def _make_layer(self, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setChecked(True)
        button.setText(text)
        button.toggled.connect(lambda is_on: self.plot.set_layer(name, is_on))
        return button

    def _lay_out(self) -> None:
        self.setup.setFixedWidth(_SETUP_WIDTH)
        middle = QVBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self.plot, 1)
        middle.addWidget(self.transport)
        middle.addWidget(self.words)
        right = QWidget(self)
        right.setFixedWidth(_FACTS_WIDTH)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.facts, self.scores):
            column.addWidget(widget)
        column.addLayout(self._curves_place, 1)
        row = QHBoxLayout()
        for button in self.layers.values():
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        body = QHBoxLayout()
        body.setContentsMargins(16, 12, 16, 12)
        body.setSpacing(16)
        body.addWidget(self.setup)
        body.addLayout(middle, 1)
        body.addWidget(right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        self.setup.changed.connect(self.restart)
        self.setup.cleared.connect(lambda: self.plot.set_points(()))
        self.plot.drawn.connect(self.setup.set_points)
        self._game.changed.connect(self._on_game_changed)
        self._game.failed.connect(self._on_game_failed)

    def _on_game_changed(self, played: Played) -> None:
        scene, scores = played.scene, played.progress.scores
        self.plot.show_view(
            PlaneView(scene.middle, scene.reach, scene.real, scene.generated, scene.pushes, scene.landscape)
        )
        self.words.setText(played.words)
        learned = f"Steps of G {played.progress.rounds:,}  ·  of D {played.discriminator_steps:,}"
        self.facts.setText(f"{learned}  ·  {played.progress.share:.0%}")
        self.facts.setToolTip("How far the game is: learning rates and penalties fall until 100 %, one may play on.")
        self.scores.setText(
            f"{scores.modes} of {scores.total} modes  ·  {scores.high_quality:.0%} close  ·  "
            f"unevenness {scores.divergence:.2f}"
        )
        self.scores.setToolTip(
            "Of 2,500 points of the averaged generator: modes that got a point within three standard deviations, the "
            "share of points that lie so close, and the reverse KL divergence of the modes' shares (0: even)."
        )
        if self._curves is not None:
            self._curves.show_series(self._game.curves)
        self._show_findings(self._game.findings())

    def _show_findings(self, findings: tuple[ToyFinding, ...]) -> None:
        told = tuple(finding.title for finding in findings)
        if told == self._told:
            return
        self._told = told
        if not findings:
            self.notice.hide()
            return
        finding = findings[0]
        since = f"{finding.title} since round {finding.since_rounds:,}, {finding.confidence:.0%} sure"
        offers = (("Restart with the Default", lambda: self.setup.choose_recipe(finding.offer)),)
        self.notice.say(since, finding.advice, offers if self.setup.recipe != finding.offer else ())

    def _on_game_failed(self, error: BaseException) -> None:
        self.transport.set_ready(False)
        words = error.message if isinstance(error, GanStudioError) else str(error)
        self.words.setText(f"The game broke off: {words}. Choose another loss or cure, or restart.")


_LAYERS = (("landscape", "What D Believes"), ("arrows", "Where G Is Told to Go"))
