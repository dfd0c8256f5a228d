"""Live control: which ports are open, which control moves what, what is being learned, and what is told to others."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from ganstudio.animation.control.addresses import COMMANDS, SEED, target_of, title_of_target
from ganstudio.animation.control.binding import Binding
from ganstudio.animation.control.midi import Touch
from ganstudio.animation.control.osc import Message
from ganstudio.animation.control.scale import Scale
from ganstudio.animation.control.setup import LiveSetup
from ganstudio.animation.errors import AnimationError
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.services.live_moves import VIEW_TARGETS, LiveMoves
from ganstudio.gui.services.microphone import Microphone
from ganstudio.gui.services.midi_input import MidiInput
from ganstudio.gui.services.osc_input import OscInput
from ganstudio.gui.services.osc_output import OscOutput
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.project.live_edits import value_of
from ganstudio.project.state import Project
from ganstudio.project.track_list import TrackChoice, changed_parameters, choice_of, list_choices
from ganstudio.rendering.looks.checking import SEED_RANGE

_KEPT = 6  # of the messages that came last
_RANGES = {SEED: (0.0, 999.0), "truncation": (0.0, 1.5), "noise_strength": (0.0, 2.0), "zoom": (1.0, 8.0)}
_LOUD = 0.02  # a key or fader must be beyond this to be learned


@dataclass(frozen=True)
class LiveCounts:
    """What became of the messages since listening began.

    Attributes:
        used: How many moved something or asked for something.
        unknown: How many were for nothing that is there.
        wrong: How many had no number where one is needed.
        refused: How many could not be followed: a slider that is locked, for one.
        note: What is to be said of the last of those.
    """

    used: int = 0
    unknown: int = 0
    wrong: int = 0
    refused: int = 0
    note: str = ""


class LiveControl(QObject):
    """What moves the picture from outside.

    Args:
        document: Is moved.
        settings: Keep what is listened to.
        midi: Where MIDI comes from; for tests.

    Attributes:
        problems: What could not be opened and why, by "osc", "send", "midi", "microphone".

    Signals:
        changed(): What is listened to, bound or learned is otherwise.
        failed(error): Something that was to be listened to cannot be.
        learned(binding): A control was moved and is bound.
    """

    changed = Signal()
    failed = Signal(object)
    learned = Signal(object)

    def __init__(
        self,
        document: Document,
        settings: SettingsStore,
        parent: QObject | None = None,
        midi: MidiInput | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._settings = document, settings
        self.osc, self.output, self.midi = OscInput(self), OscOutput(self), midi or MidiInput(self)
        self.microphone = Microphone(self)
        self.moves = LiveMoves(document, self)
        self.problems: dict[str, str] = {}
        self.counts = LiveCounts()
        self.recent: deque[str] = deque(maxlen=_KEPT)
        self._learning: str | None = None
        self._bound: dict[str, list[Binding]] = {}
        self._has_begun = False
        self.osc.heard.connect(self._on_osc_heard)
        self.midi.touched.connect(self._on_midi_touched)
        self.midi.lost.connect(lambda text: self._note_problem("midi", f"The MIDI input is gone ({text})"))
        self.microphone.lost.connect(lambda text: self._note_problem("microphone", f"The sound is gone ({text})"))
        self.output.failed.connect(lambda text: self._note_problem("send", f"It cannot be sent: {text}"))
        self.moves.refused.connect(self._on_refused)
        document.changed.connect(self._on_document_changed)
        settings.changed.connect(self._on_settings_changed)

    @property
    def setup(self) -> LiveSetup:
        """What is set."""
        return self._settings.values.live

    @property
    def learning(self) -> str | None:
        """The target that the next control will be bound to."""
        return self._learning

    def start(self) -> None:
        """Listen to what the settings say."""
        if not self._has_begun:
            self._has_begun = True
            self._follow(LiveSetup(), self.setup)

    def change(self, **values: object) -> None:
        """Set something; raises AnimationError for what cannot be."""
        new = replace(self.setup, **values)  # type: ignore[arg-type] # names and types as of LiveSetup
        if new.talks_to_itself:
            reason = f"it would hear itself on port {new.port}"
            raise AnimationError("OSC", reason, "send to another port, or to another machine")
        self._settings.update(live=new)

    # Binding

    def choices(self) -> tuple[TrackChoice, ...]:
        """All that can be moved with the open model."""
        numbers = tuple(
            choice
            for choice in list_choices(self._document.state, self._document.description)
            if choice.limits is not None
        )
        return (TrackChoice(SEED, "Seed", (0.0, float(SEED_RANGE[1]))), *numbers)

    def title_of(self, target: str) -> str:
        """What people call a target."""
        if target == SEED or target in COMMANDS:
            return title_of_target(target)
        return choice_of(target, self._document.state, self._document.description).title

    def range_of(self, target: str) -> tuple[float, float]:
        """The range that a control of a target begins with: that of its slider."""
        if target in COMMANDS:
            return (0.0, 1.0)
        if target in _RANGES:
            return _RANGES[target]
        return choice_of(target, self._document.state, self._document.description).limits or (0.0, 1.0)

    def learn(self, target: str | None) -> None:
        """Bind the next control that is moved to a target; None: no longer."""
        self._learning = target
        self.changed.emit()

    def bind(self, binding: Binding) -> None:
        """Let a control move something; in the place of the same before."""
        known = self.setup.bindings
        if any(one.key == binding.key for one in known):
            self.change(bindings=tuple(binding if one.key == binding.key else one for one in known))
        else:
            self.change(bindings=(*known, binding))

    def unbind(self, binding: Binding) -> None:
        """Let a control move something no longer."""
        self.change(bindings=tuple(one for one in self.setup.bindings if one.key != binding.key))

    def tell_all(self) -> None:
        """Send all values there are."""
        state = self._document.state
        names = [choice.name for choice in self.choices() if choice.name not in VIEW_TARGETS | {SEED}]
        values = {name: value_of(state, name) for name in names}
        self.output.tell({SEED: state.look.seed, **values})

    # Shutting down

    def begin_shutdown(self) -> None:
        """Close all, because the window closes."""
        self._learning = None
        self.osc.close()
        self.output.close()
        self.midi.close()
        self.microphone.close()
        self.moves.stop()

    def is_shut_down(self) -> bool:
        """Whether all is closed."""
        return not any(port.is_open for port in (self.osc, self.output, self.midi, self.microphone))

    # What happens

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.live != new.live and self._has_begun:
            self._follow(old.live, new.live)

    def _follow(self, old: LiveSetup, new: LiveSetup) -> None:
        """Open and close what was set otherwise."""
        self._bound = {}
        for binding in new.bindings:
            self._bound.setdefault(binding.control, []).append(binding)
        if _parts(old, "hears_osc", "port", "hears_network") != _parts(new, "hears_osc", "port", "hears_network"):
            self.counts = LiveCounts()
            self._switch("osc", new.hears_osc, self.osc.close, lambda: self.osc.open(new.port, new.hears_network))
        names = ("sends_osc", "send_host", "send_port", "send_rate")
        if _parts(old, *names) != _parts(new, *names):
            to = (new.send_host, new.send_port, new.send_rate)
            self._switch("send", new.sends_osc, self.output.close, lambda: self.output.open(*to))
        if _parts(old, "hears_midi", "midi_port") != _parts(new, "hears_midi", "midi_port"):
            self._switch("midi", new.hears_midi, self.midi.close, lambda: self.midi.open(new.midi_port))
        self.microphone.set_drives(new.drives)
        if _parts(old, "hears_microphone", "microphone") != _parts(new, "hears_microphone", "microphone"):
            listen = partial(self.microphone.open, new.microphone)
            self._switch("microphone", new.hears_microphone, self.microphone.close, listen)
        self.changed.emit()

    def _switch(self, name: str, is_on: bool, close: Callable[[], None], open_it: Callable[[], None]) -> None:
        self.problems.pop(name, None)
        close()
        if is_on:
            try:
                open_it()
            except GanStudioError as error:
                self.problems[name] = error.message
                self.failed.emit(error)

    def _note_problem(self, name: str, text: str) -> None:
        self.problems[name] = text
        self.changed.emit()

    def _on_osc_heard(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            self._take_message(message)

    def _take_message(self, message: Message) -> None:
        number, bound = message.number, self._bound.get(message.address, ())
        target = target_of(message.address)
        self.recent.append(f"{message.address} {' '.join(str(value)[:20] for value in message.values[:3])}")
        if target is None and not bound:
            if self._learning is not None and number is not None:
                self._bind_learned(message.address)
            else:
                self._count("unknown", f"Nothing has the address {message.address[:80]}")
        elif number is None and (bound or target not in COMMANDS):
            self._count("wrong", f"{message.address[:80]} came without a number")
        elif bound:
            for binding in bound:
                self._note_use(self.moves.move(binding.target, binding.scale.at(number or 0.0), "osc"), binding.target)
        elif target is not None:
            self._note_use(self.moves.move(target, 1.0 if number is None else number, "osc"), target)

    def _on_midi_touched(self, touches: tuple[Touch, ...]) -> None:
        for touch in touches:
            self.recent.append(f"{touch.control} {touch.share:.2f}")
            bound = self._bound.get(touch.control, [])
            if self._learning is not None and touch.share > _LOUD:
                self._bind_learned(touch.control)
            elif not bound:
                self._count("unknown", f"Nothing is bound to {touch.control}")
            for binding in bound:
                self._note_use(self._follow_touch(binding, touch), binding.target)

    def _follow_touch(self, binding: Binding, touch: Touch) -> bool:
        if not binding.is_endless:
            return self.moves.move(binding.target, binding.scale.at(touch.share), "midi")
        low, high = binding.scale.to
        return self.moves.step(binding.target, touch.steps / 127 * (high - low), "midi")

    def _bind_learned(self, control: str) -> None:
        target, self._learning = self._learning, None
        if target is None:
            return
        binding = Binding(control, target, Scale(to=self.range_of(target)))
        try:
            self.bind(binding)
        except GanStudioError as error:
            self._on_refused(error.message)
        else:
            self.learned.emit(binding)
        self.changed.emit()

    def _note_use(self, is_there: bool, target: str) -> None:
        if is_there:
            self._count("used", self.counts.note)
        else:
            self._count("unknown", f"The open model has no {title_of_target(target)}")

    def _on_refused(self, text: str) -> None:
        self._count("refused", text)

    def _count(self, name: str, note: str) -> None:
        self.counts = replace(self.counts, **{name: getattr(self.counts, name) + 1}, note=note)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if not self.output.is_open or old.look is new.look:
            return
        heard = {target for target, origin in self.moves.applying.items() if origin == "osc"}
        names = [name for name in changed_parameters(old.look, new.look) if name not in heard | {"latent"}]
        values = {name: value_of(new, name) for name in names}
        if old.look.seed != new.look.seed and SEED not in heard:
            values[SEED] = new.look.seed
        self.output.tell(values)


def _parts(setup: LiveSetup, *names: str) -> tuple[object, ...]:
    return tuple(getattr(setup, name) for name in names)
