"""Where the window is on the timeline, and what is seen there.

While it is active and the timeline has tracks, the canvas shows the moment under the play head. The document stays as
it is: what a person changes of a parameter that has keys is shown at once, and kept only when it is keyed.
"""

from typing import Any

from PySide6.QtCore import QObject, Signal

from ganstudio.animation.frames import frame_at
from ganstudio.animation.parameters import Frame, parameter_of
from ganstudio.animation.sound.features import SoundFeatures
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.project.state import Project
from ganstudio.project.track_list import changed_parameters, key_values


class PlayHead(QObject):
    """The play head of the window.

    Args:
        document: Holds the timeline.
        rendering: Draws the moment.

    Signals:
        moved(position): It stands on another frame.
        changed(): What it shows is otherwise than before.
        keying_changed(): `is_keying` is otherwise.
        sound_changed(): Another sound drives the frames.
    """

    moved = Signal(int)
    changed = Signal()
    keying_changed = Signal()
    sound_changed = Signal()

    def __init__(self, document: Document, rendering: RenderingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._rendering = document, rendering
        self._position = 0
        self._is_active = False
        self._is_keying = False
        self._unkeyed: dict[str, Any] = {}
        self._frame: Frame | None = None
        self._edited: Project | None = None
        self.sound: SoundFeatures | None = None
        document.amend_with(self._amend)
        document.changed.connect(self._on_document_changed)

    @property
    def position(self) -> int:
        """The frame it stands on."""
        return self._position

    @property
    def is_active(self) -> bool:
        """Whether the canvas shows what is under it."""
        return self._is_active

    @property
    def is_keying(self) -> bool:
        """Whether whatever is changed gets a key."""
        return self._is_keying

    @property
    def unkeyed(self) -> tuple[str, ...]:
        """Names of the parameters that were changed here and have no key for it yet."""
        return tuple(self._unkeyed)

    @property
    def frame(self) -> Frame:
        """What it shows."""
        if self._frame is None:
            state = self._document.state
            frame = frame_at(state.timeline, state.look, self._position, self.sound)
            for name, value in self._unkeyed.items():
                frame = parameter_of(name).write(frame, value)
            self._frame = frame
        return self._frame

    def set_active(self, is_active: bool) -> None:
        """Show what is under it on the canvas, or the document's picture."""
        if is_active != self._is_active:
            self._is_active = is_active
            self._unkeyed.clear()
            self._show()

    def set_keying(self, is_keying: bool) -> None:
        """Give whatever is changed a key, or not."""
        if is_keying != self._is_keying:
            self._is_keying = is_keying
            self.keying_changed.emit()

    def set_sound(self, sound: SoundFeatures | None) -> None:
        """Let what the timeline's sound drives be driven by it."""
        self.sound = sound
        self.sound_changed.emit()
        self._show()

    def go_to(self, position: int) -> None:
        """Go to a frame, the nearest there is; what was changed and not keyed is let go."""
        position = min(max(position, 0), self._document.state.timeline.length - 1)
        if position == self._position:
            return
        self._position = position
        self._unkeyed.clear()
        self._show()
        self.moved.emit(position)

    def key(self, text: str, parameters: tuple[str, ...]) -> None:
        """Key what is shown of some parameters, as one step of undo."""
        try:
            state = key_values(self._document.state, self.frame, parameters, self._position)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return
        for name in parameters:
            self._unkeyed.pop(name, None)
        self._document.apply(text, state)
        self._show()

    def key_value(self, parameter: str, value: float, merge_key: str) -> None:
        """Give a parameter a value here, by a key."""
        shown = parameter_of(parameter).write(self.frame, value)
        state = key_values(self._document.state, shown, (parameter,), self._position)
        self._unkeyed.pop(parameter, None)
        self._document.apply("Key", state, merge_key=merge_key)

    def _amend(self, old: Project, new: Project) -> Project:
        """Key what an edit changes, or remember that it is not keyed."""
        is_ours = self._is_active and old.checkpoint == new.checkpoint and old.timeline == new.timeline
        if not is_ours or old.look == new.look:
            return new
        changed = changed_parameters(old.look, new.look)
        if self._is_keying:
            try:
                new = key_values(new, Frame(new.look), changed, self._position)
            except GanStudioError as error:
                self._document.failed.emit(error)
        else:
            keyed = {track.parameter for track in new.timeline.tracks if track.keys and not track.is_muted}
            values = {name: parameter_of(name).read(Frame(new.look)) for name in changed if name in keyed}
            shown = {name: parameter_of(name).read(self.frame) for name in values}
            self._unkeyed.update({name: value for name, value in values.items() if value != shown[name]})
        self._edited = new
        return new

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.timeline is new.timeline and old.look is new.look and old.checkpoint == new.checkpoint:
            return
        is_undo = new.look != old.look and new is not self._edited
        self._edited = None
        if old.checkpoint != new.checkpoint or is_undo:
            self._unkeyed.clear()
        elif old.timeline is not new.timeline:
            self._forget_keyed(old, new)
        last = new.timeline.length - 1
        if self._position > last:
            self._position = last
            self.moved.emit(last)
        self._show()

    def _forget_keyed(self, old: Project, new: Project) -> None:
        """What got another track meanwhile shows what its keys say."""
        for name in tuple(self._unkeyed):
            if old.timeline.track_of(name) != new.timeline.track_of(name):
                del self._unkeyed[name]

    def _show(self) -> None:
        self._frame = None
        moves = not self._document.state.timeline.is_still
        self._rendering.show_moment(self.frame.look if self._is_active and moves else None)
        self.changed.emit()
