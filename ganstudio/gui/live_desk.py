"""Live control in the window: entries in the menus of sliders, and what controls ask of the window."""

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.animation.control.addresses import address_of
from ganstudio.animation.control.binding import Binding, words_for
from ganstudio.animation.parameters import EDIT_PREFIX
from ganstudio.gui.actions import Actions
from ganstudio.gui.messages import Messages
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.workspace_content import ExploreContent

_ACTIONS = {"new_picture": "picture.new", "favourite": "picture.favourite"}


class LiveDesk(QObject):
    """Connects live control with panels and actions.

    Args:
        live: Live control.
        explore: Has the sliders and the canvas.
        commands: The actions that controls may call.
        messages: Say what was bound, and what cannot be listened to.
        parent: The window.
    """

    def __init__(
        self, live: LiveControl, explore: ExploreContent, commands: Actions, messages: Messages, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._live, self._explore, self._commands, self._messages = live, explore, commands, messages
        live.failed.connect(messages.show_error)
        live.moves.commanded.connect(self._on_commanded)
        live.moves.view_moved.connect(self._on_view_moved)
        live.learned.connect(self._on_learned)
        explore.directions.menu_made.connect(lambda menu, name: self.fill(menu, EDIT_PREFIX + name))
        latent = explore.latent
        self._attach(latent.truncation, "truncation")
        self._attach(latent.second_class.blend, "label_blend")
        self._attach(latent.noise.strength, "noise_strength")
        self._attach(latent.seed, "seed")

    def fill(self, menu: QMenu, target: str) -> None:
        """Add to a menu what can be done with a target from outside."""
        if menu.actions():
            menu.addSeparator()
        address = address_of(target)
        menu.addAction(f"Copy OSC Address  {address}").triggered.connect(
            lambda _checked=False: QGuiApplication.clipboard().setText(address)
        )
        is_learning = self._live.learning == target
        learn = menu.addAction("Stop Learning" if is_learning else "Learn Control")
        learn.triggered.connect(lambda _checked=False: self._learn(None if is_learning else target))
        for binding in self._live.setup.bindings_of(target):
            forget = menu.addAction(f"Forget {words_for(binding.control)}")
            forget.triggered.connect(lambda _checked=False, binding=binding: self._live.unbind(binding))
        menu.addAction(self._commands["live.control"])

    def menu_of(self, target: str, parent: QWidget) -> QMenu:
        """A menu of its own for a slider that has none."""
        menu = QMenu(parent)
        menu.aboutToHide.connect(menu.deleteLater)
        self.fill(menu, target)
        return menu

    def _attach(self, slider: QWidget, target: str) -> None:
        slider.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        slider.customContextMenuRequested.connect(
            lambda place: self.menu_of(target, slider).popup(slider.mapToGlobal(QPoint(place)))
        )

    def _learn(self, target: str | None) -> None:
        self._live.learn(target)
        if target is None:
            return
        if not (self._live.osc.is_open or self._live.midi.is_open):
            self._commands["live.control"].trigger()  # nothing is listened to yet: it is switched on there
        self._messages.show(f"Move a control for {self._live.title_of(target)}")

    def _on_learned(self, binding: Binding) -> None:
        self._messages.show(f"{self._live.title_of(binding.target)} follows {words_for(binding.control)}")

    def _on_commanded(self, command: str) -> None:
        play = self._commands["animate.play"]
        if command in _ACTIONS:
            self._commands[_ACTIONS[command]].trigger()
        elif command == "play" and not play.isChecked():
            self._commands["view.animate"].trigger()
            play.trigger()
        elif command == "stop" and play.isChecked():
            play.trigger()

    def _on_view_moved(self, zoom: float, across: float, down: float) -> None:
        centre = QPointF(across, down)
        self._explore.canvas.picture.show_part(zoom, centre)
        self._explore.canvas.output.show_part(zoom, centre)
