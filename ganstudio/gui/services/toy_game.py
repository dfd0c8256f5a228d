"""Plays the game on points in a thread of its own: single steps on demand, or round after round at a chosen speed."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.gui.jobs import LatestOnly
from ganstudio.training.config import TrainingConfig
from ganstudio.training.toys.distributions import Mixture
from ganstudio.training.toys.findings import ToyFinding, ToyProgress, toy_findings
from ganstudio.training.toys.words import DISCRIMINATOR, GENERATOR, ROUND, explain, explain_start

if TYPE_CHECKING:
    from ganstudio.training.toys.scene import Scene

FRAME_MS = 80  # from one picture to the next while it plays fast
_JUDGED_SHARE = 1 / 40  # of the planned length, between two measurements that are judged
_MOST_POINTS = 1500  # of a curve; then every other one is dropped


@dataclass(frozen=True)
class Move:
    """What the players are asked to do.

    Attributes:
        game: Which game, counted; one of another than the newest is not played any more.
        config: How it is played.
        mixture: With what points.
        who: Who learns: `DISCRIMINATOR`, `GENERATOR`, `ROUND`, or "" to look only.
        times: How often at most.
        budget_ms: After so long it is enough.
    """

    game: int
    config: TrainingConfig
    mixture: Mixture
    who: str = ""
    times: int = 1
    budget_ms: float = FRAME_MS


@dataclass(frozen=True, eq=False)
class Played:
    """What came of a move.

    Attributes:
        progress: How far the game is.
        discriminator_steps: Steps of the discriminator so far.
        scene: What is to be seen.
        words: What has happened, for a person.
        is_over: Whether the planned length is reached.
    """

    progress: ToyProgress
    discriminator_steps: int
    scene: "Scene"
    words: str
    is_over: bool


class ToyGame(QObject):
    """The game that is on the page.

    Signals:
        changed(played): A move was made.
        playing_changed(is_playing): It plays by itself, or not any more.
        failed(error): It could not go on.
    """

    changed = Signal(object)
    playing_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_playing = False
        self.rounds_per_second = 1000.0
        self.played: Played | None = None
        self.history: list[ToyProgress] = []
        self.curves: dict[str, tuple[list[float], list[float]]] = {}
        self._plan: tuple[TrainingConfig, Mixture] | None = None
        self._number = 0
        self._waiting: list[tuple[str, int]] = []
        self._is_asked = False
        self._worker: LatestOnly | None = None
        self._is_closed = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._play_on)

    def begin(self, config: TrainingConfig, mixture: Mixture) -> None:
        """Begin another game; nobody has learned."""
        self.leave()
        self._plan = (config, mixture)
        self._waiting = [("", 1)]
        self._ask()

    def leave(self) -> None:
        """Play no game; what is still under way is told no more."""
        self.pause()
        self._plan = None
        self._number += 1
        self.played, self.history, self.curves = None, [], {}
        self._waiting.clear()

    def move(self, who: str) -> None:
        """Let one player learn once, or both."""
        if self._plan is not None:
            self._waiting.append((who, 1))
            self._ask()

    def play(self) -> None:
        """Play round after round."""
        if self._plan is not None and not self.is_playing:
            self.is_playing = True
            self.playing_changed.emit(True)
            self._play_on()

    def pause(self) -> None:
        """Stay where it is."""
        self._timer.stop()
        if self.is_playing:
            self.is_playing = False
            self.playing_changed.emit(False)

    def findings(self) -> tuple[ToyFinding, ...]:
        """What is wrong with the game."""
        return toy_findings(self.history)

    def begin_shutdown(self) -> None:
        """Ask the thread to end."""
        self.pause()
        self._is_closed = True
        if self._worker is not None:
            self._worker.begin_close()

    def is_shut_down(self) -> bool:
        """Whether the thread has ended."""
        return self._worker is None or self._worker.has_ended

    def _play_on(self) -> None:
        if self.is_playing and not self._is_asked and not self._waiting:
            times = max(1, round(self.rounds_per_second * FRAME_MS / 1000))
            self._waiting.append((ROUND, times))
            self._ask()

    def _ask(self) -> None:
        if self._is_asked or not self._waiting or self._plan is None or self._is_closed:
            return
        if self._worker is None:
            self._worker = LatestOnly(_make_player, "game on points", self)
            self._worker.answered.connect(self._on_answered)
            self._worker.failed.connect(self._on_failed)
        who, times = self._waiting.pop(0)
        self._is_asked = True
        self._worker.submit(Move(self._number, *self._plan, who, times))

    def _on_answered(self, move: Move, played: Played) -> None:
        self._is_asked = False
        if move.game == self._number:
            self._take(played, is_ending=played.is_over and not (self.played is not None and self.played.is_over))
        self._ask()
        if self.is_playing:
            self._timer.start(max(0, round(1000 / self.rounds_per_second - FRAME_MS)))

    def _take(self, played: Played, is_ending: bool) -> None:
        self.played = played
        last = self.history[-1].share if self.history else -1.0
        if played.progress.share >= last + _JUDGED_SHARE or is_ending:
            self.history.append(played.progress)
        self._add_to_curves(played)
        if is_ending:
            self.pause()
        self.changed.emit(played)

    def _add_to_curves(self, played: Played) -> None:
        steps = float(played.progress.rounds + played.discriminator_steps)
        scores, scalars = played.progress.scores, played.progress.scalars
        values: dict[str, float] = {
            "d_real": played.scene.real_belief,
            "d_fake": played.scene.fake_belief,
            "modes": scores.modes / scores.total,
            "high_quality": scores.high_quality,
        }
        values |= {name: scalars[name] for name in ("loss_generator", "loss_discriminator") if name in scalars}
        for name, value in values.items():
            x, y = self.curves.setdefault(name, ([], []))
            x.append(steps)
            y.append(value)
            if len(x) > _MOST_POINTS:
                del x[1::2], y[1::2]

    def _on_failed(self, move: Move, error: BaseException) -> None:
        self._is_asked = False
        if move.game == self._number:
            self.pause()
            self._waiting.clear()
            self.failed.emit(error)
        else:
            self._ask()


def _make_player() -> Callable[[Move], Played]:
    """The player of moves, in its thread; small networks want no more than one."""
    import torch

    torch.set_num_threads(1)
    return _Player()


class _Player:
    """Keeps the table of the newest game."""

    def __init__(self) -> None:
        self._game = -1
        self._table: Any = None
        self._scene: Scene | None = None
        self._steepest = 0.0

    def __call__(self, move: Move) -> Played:
        from ganstudio.training.toys.table import ToyTable

        if move.game != self._game:
            self._table, self._game = ToyTable(move.config, move.mixture), move.game
            self._scene, self._steepest = None, 0.0
        table, before = self._table, self._scene
        if move.who:
            _learn(table, move)
        self._scene = scene = table.scene()
        self._steepest = max(self._steepest, scene.steepest)
        words = explain(move.who, before, scene, self._steepest) if move.who and before is not None else explain_start()
        return Played(table.progress(), table.discriminator_steps, scene, words, table.is_over)


def _learn(table: Any, move: Move) -> None:
    steps: dict[str, Callable[[], None]] = {
        DISCRIMINATOR: table.step_discriminator,
        GENERATOR: table.step_generator,
        ROUND: table.play_round,
    }
    step = steps[move.who]
    until = monotonic() + move.budget_ms / 1000
    for _ in range(move.times):
        step()
        if monotonic() > until:
            break
