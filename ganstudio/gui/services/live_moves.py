"""What controls from outside ask for, put into the document: gathered, applied at a screen's pace, undone as one."""

import time
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.animation.control.addresses import COMMANDS, SEED
from ganstudio.animation.parameters import EDIT_PREFIX, parameter_of
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.project import edits
from ganstudio.project.live_edits import set_value, value_of
from ganstudio.project.slider_list import list_sliders
from ganstudio.project.state import Project
from ganstudio.rendering.looks.checking import SEED_RANGE

Origin = Literal["osc", "midi"]
VIEW_TARGETS = frozenset({"zoom", "centre_x", "centre_y"})
_APPLY_MS = 16
_GESTURE_MS = 800  # without anything coming in, and the next is another step of undo
_COMMAND_S = 0.1  # the same command comes no faster


class LiveMoves(QObject):
    """Gathers values by target; the newest of each is applied.

    Args:
        document: Is edited.

    Attributes:
        applying: What the document is being given just now, and where it came from.

    Signals:
        commanded(command): "new_picture", "favourite", "play" or "stop" is asked for.
        view_moved(zoom, across, down): The picture is to be looked at so much magnified, with this of it in the middle.
        refused(text): Something could not be done.
    """

    commanded = Signal(str)
    view_moved = Signal(float, float, float)
    refused = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.applying: dict[str, Origin] = {}
        self._waiting: dict[str, tuple[float, Origin]] = {}
        self._gesture = ""
        self._has_new_seed = False
        self._commanded_at: dict[str, float] = {}
        self._view: dict[str, float] = {"zoom": 1.0, "centre_x": 0.5, "centre_y": 0.5}
        self._known: tuple[tuple[object, ...], frozenset[str]] = ((), frozenset())
        self._timer = QTimer(self, singleShot=True, interval=_APPLY_MS)
        self._timer.timeout.connect(self.apply)
        self._pause = QTimer(self, singleShot=True, interval=_GESTURE_MS)
        self._pause.timeout.connect(self.end_gesture)

    def move(self, target: str, value: float, origin: Origin) -> bool:
        """Ask for a value, or for a command where it is above 0; returns whether the open model has the target."""
        if target in COMMANDS:
            if value > 0:
                self._command(target)
            return True
        if not self.has(target):
            return False
        self._waiting.pop(target, None)
        self._waiting[target] = (value, origin)
        if not self._timer.isActive():
            self._timer.start()
        return True

    def step(self, target: str, amount: float, origin: Origin) -> bool:
        """Ask for a value that is so much above the one there is; returns whether the open model has the target."""
        if target in COMMANDS:
            return self.move(target, amount, origin)
        if not self.has(target):
            return False
        now = self._waiting[target][0] if target in self._waiting else self._now(target)
        return self.move(target, now + amount, origin)

    def has(self, target: str) -> bool:
        """Whether the open model has a target."""
        description = self._document.description
        if description is None:
            return False
        if not target.startswith(EDIT_PREFIX):
            return True
        state = self._document.state
        key = (description, state.directions, state.sliders, state.checkpoint)
        if not all(one is other for one, other in zip(key, self._known[0] or (None,) * 4, strict=True)):
            self._known = (key, frozenset(entry.name for entry in list_sliders(state, description)))
        return target.removeprefix(EDIT_PREFIX) in self._known[1]

    def apply(self) -> None:
        """Apply what waits now."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, {}
        seen = {target: waiting.pop(target)[0] for target in VIEW_TARGETS & waiting.keys()}
        if seen:
            for target, value in seen.items():
                low, high = parameter_of(target).limits or (0.0, 1.0)
                self._view[target] = min(max(value, low), high)
            self.view_moved.emit(*self._view.values())
        if not waiting:
            return
        self._gesture = self._gesture or self._document.new_gesture("live")
        self._pause.start()
        state = self._document.state
        for target, (value, _origin) in waiting.items():
            try:
                state = self._edited(state, target, value)
            except GanStudioError as error:
                self.refused.emit(error.message)
        self.applying = {target: origin for target, (_value, origin) in waiting.items()}
        try:
            self._document.apply("Live Control", state, merge_key=self._gesture)
        finally:
            self.applying = {}

    def end_gesture(self) -> None:
        """Let what comes next be another step of undo."""
        self._pause.stop()
        self._gesture = ""
        self._has_new_seed = False

    def stop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._timer.stop()
        self.end_gesture()

    def _now(self, target: str) -> float:
        state = self._document.state
        if target in self._view:
            return self._view[target]
        return float(state.look.seed) if target == SEED else value_of(state, target)

    def _edited(self, state: Project, target: str, value: float) -> Project:
        if target != SEED:
            return set_value(state, target, value)
        seed = round(min(max(value, SEED_RANGE[0]), SEED_RANGE[1]))
        if seed == state.look.seed:
            return state
        remember, self._has_new_seed = not self._has_new_seed, True  # a fader's sweep is one picture of the history
        return edits.set_seed(state, seed, remember)

    def _command(self, command: str) -> None:
        now = time.monotonic()
        if now - self._commanded_at.get(command, -1.0) < _COMMAND_S:
            return
        self._commanded_at[command] = now
        self.apply()
        self.end_gesture()
        self.commanded.emit(command)
