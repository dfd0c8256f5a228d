"""Everything that can be done in the window, as a table; menus, toolbars, the palette and the list of keys read it.

To add one: a line in `ACTIONS`, its id in `MENUS`, and a handler of that id where the window collects them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from ganstudio.gui import icons
from ganstudio.gui.settings import RECENT_PROJECTS
from ganstudio.project.state import Project

SEPARATOR = "-"

Training = Literal["idle", "ready", "running", "paused", "stopping"]


@dataclass(frozen=True)
class Situation:
    """What decides whether an action can be run now."""

    project: Project = Project()  # noqa: RUF009 - a frozen value
    can_undo: bool = False
    can_redo: bool = False
    has_picture: bool = False
    workspace: str = "explore"
    training: Training = "idle"
    has_file: bool = False
    is_modified: bool = False
    recent_projects: int = 0


Condition = Callable[[Situation], bool]


def _always(_now: Situation) -> bool:
    return True


def _canvas_is_there(now: Situation) -> bool:
    return now.workspace in ("explore", "animate")


def _has_model(now: Situation) -> bool:
    return now.project.checkpoint is not None


def _model_is_open(now: Situation) -> bool:
    return now.project.checkpoint is not None and _canvas_is_there(now)


def _model_is_explored(now: Situation) -> bool:
    return now.project.checkpoint is not None and now.workspace == "explore"


def _picture_is_there(now: Situation) -> bool:
    return now.has_picture and _canvas_is_there(now)


def _model_is_animated(now: Situation) -> bool:
    return now.project.checkpoint is not None and now.workspace == "animate"


def _something_moves(now: Situation) -> bool:
    return _model_is_animated(now) and not now.project.timeline.is_still


def _has_tracks(now: Situation) -> bool:
    return _model_is_animated(now) and bool(now.project.timeline.tracks)


def _can_be_reverted(now: Situation) -> bool:
    return now.has_file and now.is_modified


def _recent_is_there(index: int) -> Condition:
    return lambda now: index < now.recent_projects


def _history_goes_back(now: Situation) -> bool:
    return now.workspace == "explore" and now.project.history_index > 0


def _history_goes_on(now: Situation) -> bool:
    return now.workspace == "explore" and now.project.history_index < len(now.project.history) - 1


def _single_picture_is_there(now: Situation) -> bool:
    return _picture_is_there(now) and (now.project.view == "single" or now.workspace == "animate")


def _grid_is_shown(now: Situation) -> bool:
    return _model_is_explored(now) and now.project.view == "grid"


def _some_are_selected(now: Situation) -> bool:
    return _grid_is_shown(now) and bool(now.project.picks)


@dataclass(frozen=True)
class ActionSpec:
    """One thing that can be done.

    Attributes:
        id: Names it in code: `group.name`.
        text: Names it for people, in menus and the palette.
        shortcut: Keys as Qt writes them, or "".
        icon: Name of a file in `resources/icons`, or "".
        enabled_when: Whether it can be run in a situation.
        checkable: Whether it is a state that is on or off.
        hint: A few words more, for the tooltip.
        words: More words that the palette finds it by.
        is_named: Whether the window gives it another text, and hides it while it is disabled.
    """

    id: str
    text: str
    shortcut: str = ""
    icon: str = ""
    enabled_when: Condition = _always
    checkable: bool = False
    hint: str = ""
    words: str = ""
    is_named: bool = False


RECENT_IDS = tuple(f"file.recent_{index}" for index in range(RECENT_PROJECTS))

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("file.new_project", "New Project", "Ctrl+N", "", hint="Begin anew with the open model",
               words="empty clear document"),
    ActionSpec("file.open_project", "Open Project…", "Ctrl+Shift+O", "", words="load document ganstudio"),
    *(ActionSpec(name, f"Recent Project {index + 1}", "", "", _recent_is_there(index), words="open recent project",
                 is_named=True) for index, name in enumerate(RECENT_IDS)),
    ActionSpec("file.clear_recent", "Clear This List", "", "", _recent_is_there(0), words="recent projects forget"),
    ActionSpec("file.save_project", "Save Project", "Ctrl+S", "", hint="History, favourites, names, examples, edits",
               words="write document store"),
    ActionSpec("file.save_project_as", "Save Project As…", "Ctrl+Shift+S", "", words="write document copy name"),
    ActionSpec("file.revert", "Revert to Saved", "", "", _can_be_reverted,
               hint="The project as its file has it; can be undone", words="discard changes reload"),
    ActionSpec("file.open", "Open…", "Ctrl+O", "open", hint="A model, a picture made here, directions, a project ...",
               words="load checkpoint"),
    ActionSpec("file.open_builtin", "Open the Built-in Model", "", "model", words="avatars example reset start"),
    ActionSpec("file.open_data", "Choose Training Pictures…", "", "pictures", words="data set folder zip train"),
    ActionSpec("file.watch_folder", "Watch a Folder of Models…", "", "folder", words="library list checkpoints"),
    ActionSpec("file.public_models", "Public Models…", "", "model", hint="Networks that their authors offer to all",
               words="download catalogue pretrained stylegan"),
    ActionSpec("file.save", "Save Picture…", "Ctrl+E", "save", _picture_is_there, words="export png jpeg write"),
    ActionSpec("file.save_selected", "Save Selected…", "", "pictures", _some_are_selected,
               hint="Each picture of the grid as a file of its own", words="export png folder many"),
    ActionSpec("file.export_animation", "Export Animation…", "Ctrl+Shift+E", "film", _has_model,
               hint="As MP4, WebM, MOV, GIF, APNG, WebP or single frames",
               words="render video movie film encode timeline save"),
    ActionSpec("file.save_model", "Save Model As…", "", "model", _model_is_open,
               hint="As a file of GANStudio, ONNX, TorchScript ...", words="convert export write"),
    ActionSpec("file.mix_models", "Mix Models…", "", "", hint="Two models of one network, layer by layer",
               words="merge interpolate weights swap layers blend average"),
    ActionSpec("live.control", "Live Control…", "Ctrl+L", "", hint="OSC and MIDI, and what they move",
               words="osc midi controller learn bind fader network touchosc"),
    ActionSpec("file.quit", "Quit", "Ctrl+Q", "quit", words="exit close"),
    ActionSpec("edit.undo", "Undo", "Ctrl+Z", "undo", lambda now: now.can_undo),
    ActionSpec("edit.redo", "Redo", "Ctrl+Shift+Z", "redo", lambda now: now.can_redo),
    ActionSpec("edit.copy", "Copy Picture", "Ctrl+C", "copy", _picture_is_there, words="clipboard"),
    ActionSpec("edit.copy_latent", "Copy Latent as Text", "Ctrl+Shift+C", "", _picture_is_there,
               hint="Its numbers, to be pasted here or anywhere", words="clipboard z w vector seed json"),
    ActionSpec("edit.copy_edits", "Copy Edits as Text", "Ctrl+Alt+C", "", lambda now: bool(now.project.look.edits),
               hint="To be pasted onto another picture", words="clipboard sliders directions json"),
    ActionSpec("edit.paste", "Paste", "Ctrl+V", "", lambda now: now.workspace == "explore",
               hint="A latent, edits, a list of numbers, a picture or a file", words="clipboard insert latent edits"),
    ActionSpec("edit.select_all", "Select All", "Ctrl+A", "", _grid_is_shown, words="grid mark"),
    ActionSpec("edit.select_none", "Select None", "Ctrl+Shift+A", "", _some_are_selected, words="grid deselect clear"),
    ActionSpec("edit.reset_sliders", "Reset Sliders", "Ctrl+R", "sliders",
               lambda now: bool(now.project.look.edits), words="directions zero"),
    ActionSpec("edit.reset_look", "Reset Picture", "Ctrl+Shift+R", "reset", _model_is_open,
               hint="Sliders, truncation and blend back to the start", words="truncation blend"),
    ActionSpec("directions.import", "Import Directions…", "", "open", _picture_is_there,
               hint="Directions or latents of this or another program", words="load latents boundary ganspace sefa"),
    ActionSpec("directions.paste", "Paste Directions", "", "", _picture_is_there, words="clipboard text"),
    ActionSpec("directions.export", "Export Listed Directions…", "", "save", _picture_is_there,
               hint="All, or those that the search shows; as a file of GANStudio or as other programs read them",
               words="write all several boundary ganspace sefa"),
    ActionSpec("directions.export_used", "Export Directions in Use…", "", "", lambda now: bool(now.project.look.edits),
               hint="Those that this picture goes along", words="write save"),
    ActionSpec("directions.save_model", "Save Model With Directions…", "", "model", _picture_is_there,
               hint="A copy of the model that carries the directions of this project", words="write checkpoint"),
    ActionSpec("picture.new", "New Picture", "R", "dice", _model_is_open, hint="Another seed", words="random dice"),
    ActionSpec("picture.back", "Back in History", "Left", "back", _history_goes_back, words="previous picture"),
    ActionSpec("picture.forward", "Forward in History", "Right", "forward", _history_goes_on, words="next picture"),
    ActionSpec("picture.favourite", "Favourite", "S", "star", _model_is_open, checkable=True,
               hint="Keep this picture in the filmstrip", words="keep star like"),
    ActionSpec("picture.mark_plus", "Mark as +", "+", "plus", _model_is_explored,
               hint="An example of what you look for", words="example like positive good"),
    ActionSpec("picture.mark_minus", "Mark as −", "-", "minus", _model_is_explored,
               hint="An example of the opposite", words="example dislike negative bad"),
    ActionSpec("picture.region", "Paint a Region", "", "brush", _single_picture_is_there, checkable=True,
               hint="And find the style channels that change it and nothing else",
               words="brush mask style channels local stylespace"),
    ActionSpec("picture.rename", "Name Picture…", "N", "", _model_is_open, hint="A name that the filmstrip shows",
               words="title call label rename"),
    ActionSpec("picture.remove", "Remove from History", "", "", lambda now: len(now.project.history) > 1,
               words="delete forget picture"),
    ActionSpec("picture.swap", "Swap A and B", "X", "", _single_picture_is_there,
               hint="Go to the pinned picture, and pin this one", words="compare pinned before exchange"),
    ActionSpec("directions.find", "Find Directions…", "Ctrl+F", "sliders", _model_is_open,
               hint="New sliders: of axes, of layers, of scores, of your marks",
               words="pca ganspace sefa interfacegan labels picks latent sliders discover"),
    ActionSpec("directions.measure", "Measure Sliders…", "", "gauge", _model_is_open,
               hint="How far a unit of each moves the picture, and what else it changes",
               words="entanglement matrix attributes effects heat map table"),
    ActionSpec("picture.clear_history", "Clear History", "", "trash", lambda now: len(now.project.history) > 1),
    ActionSpec("train.start", "Start Training", "Ctrl+Return", "play", lambda now: now.training == "ready",
               hint="A new run with the chosen pictures and recipe", words="run begin"),
    ActionSpec("train.pause", "Pause Training", "Ctrl+P", "pause", lambda now: now.training in ("running", "paused"),
               checkable=True, hint="Hold it, or let it go on", words="resume hold continue"),
    ActionSpec("train.stop", "Stop Training", "", "stop", lambda now: now.training in ("running", "paused"),
               hint="Save and stop; it can be resumed at any time", words="end cancel"),
    ActionSpec("view.grid", "Grid View", "G", "grid", _model_is_explored, checkable=True,
               hint="Neighbouring seeds with the same settings", words="many contact sheet"),
    ActionSpec("view.layers", "Layers View", "L", "layers", _model_is_explored, checkable=True,
               hint="What each layer of the network makes of this picture",
               words="feature maps activations channels spectrum inside hidden"),
    ActionSpec("view.map", "Map View", "M", "map", _model_is_explored, checkable=True,
               hint="Many pictures of this model, similar ones near each other",
               words="latent space projection overview t-sne scatter"),
    ActionSpec("view.fit", "Fit Picture", "F", "fit", _single_picture_is_there, words="zoom whole"),
    ActionSpec("view.half_size", "Half Size (50 %)", "", "", _single_picture_is_there, words="zoom"),
    ActionSpec("view.actual_size", "Actual Size (100 %)", "1", "actual-size", _single_picture_is_there,
               hint="One pixel of the picture on one of the screen", words="zoom pixels"),
    ActionSpec("view.double_size", "Double Size (200 %)", "2", "", _single_picture_is_there, words="zoom"),
    ActionSpec("view.zoom_in", "Zoom In", "Ctrl++", "zoom-in", _single_picture_is_there, words="larger magnify"),
    ActionSpec("view.zoom_out", "Zoom Out", "Ctrl+-", "zoom-out", _single_picture_is_there, words="smaller"),
    ActionSpec("view.smooth", "Smooth Magnification", "", "smooth", checkable=True,
               hint="Off: each pixel of the network is a square", words="pixels nearest interpolate blur sharp"),
    ActionSpec("view.divider", "Compare with a Divider", "D", "compare", _single_picture_is_there, checkable=True,
               hint="Before on the left of a line that you move, after on its right", words="before after split"),
    ActionSpec("view.side_by_side", "Compare Side by Side", "Shift+D", "side-by-side", _single_picture_is_there,
               checkable=True, hint="Before and after, moved and zoomed as one", words="before after two"),
    ActionSpec("picture.pin", "Pin as Before", "P", "pin", _single_picture_is_there, checkable=True,
               hint="Compare with this picture; off: with each without its sliders", words="reference compare before"),
    ActionSpec("view.histogram", "Histogram", "H", "histogram", _single_picture_is_there, checkable=True,
               hint="How often each value is there, and what is clipped", words="levels clipping exposure"),
    ActionSpec("view.channel_colour", "All Channels", "", "", _single_picture_is_there, checkable=True,
               words="rgb colour"),
    ActionSpec("view.channel_red", "Red Channel", "", "", _single_picture_is_there, checkable=True, words="rgb"),
    ActionSpec("view.channel_green", "Green Channel", "", "", _single_picture_is_there, checkable=True, words="rgb"),
    ActionSpec("view.channel_blue", "Blue Channel", "", "", _single_picture_is_there, checkable=True, words="rgb"),
    ActionSpec("view.channel_luminance", "Luminance (Rec. 709)", "", "", _single_picture_is_there, checkable=True,
               hint="0.2126 R + 0.7152 G + 0.0722 B of the encoded values", words="grey channel brightness luma"),
    ActionSpec("view.channel_alpha", "Alpha Channel", "", "", _single_picture_is_there, checkable=True,
               words="transparency opacity"),
    ActionSpec("view.output", "Full-Screen Output", "F11", "output", _picture_is_there, checkable=True,
               hint="The picture alone, on a second screen where there is one", words="projector present display"),
    ActionSpec("view.explore", "Explore", "F2", "explore", checkable=True, hint="Move through a model's pictures"),
    ActionSpec("animate.play", "Play", "", "play", _something_moves, checkable=True, hint="Space plays and stops",
               words="animation timeline preview pause"),
    ActionSpec("animate.key", "Key the Picture", "K", "key", _model_is_animated,
               hint="Where the picture begins, at the play head", words="keyframe latent timeline"),
    ActionSpec("animate.key_all", "Key Everything on the Timeline", "Shift+K", "key-all", _has_tracks,
               hint="All that has a track, at the play head", words="keyframe tracks"),
    ActionSpec("animate.auto_key", "Auto-key", "Ctrl+Shift+K", "record", _model_is_animated, checkable=True,
               hint="Whatever you change gets a key at the play head", words="record keyframe automatic"),
    ActionSpec("animate.take", "Take This Frame", "Ctrl+T", "", _has_tracks,
               hint="The sliders take on what the play head shows", words="adopt moment picture"),
    ActionSpec("animate.previous", "Previous Frame", ",", "back", _model_is_animated, words="step play head"),
    ActionSpec("animate.next", "Next Frame", ".", "forward", _model_is_animated, words="step play head"),
    ActionSpec("animate.clear", "Clear the Timeline", "", "trash", _has_tracks, words="remove tracks keys"),
    ActionSpec("animate.sound", "Sound…", "", "", _model_is_open,
               hint="An audio file that plays along and moves sliders", words="music audio beats waveform"),
    ActionSpec("view.animate", "Animate", "F4", "animate", checkable=True, hint="Bring pictures to life with keys"),
    ActionSpec("view.train", "Train", "F3", "train", checkable=True, hint="Teach a network your own pictures"),
    ActionSpec("view.steps", "Learn", "F6", "steps", checkable=True,
               hint="Step by step: see how a GAN learns, on points of the plane", words="toy step by step game gan"),
    ActionSpec("view.reset_layout", "Reset Layout", "", "layout", words="panels docks arrangement"),
    ActionSpec("view.theme_dark", "Dark Theme", "", "", checkable=True, words="colour night"),
    ActionSpec("view.theme_light", "Light Theme", "", "", checkable=True, words="colour day bright"),
    ActionSpec("view.theme_system", "Same Theme as the System", "", "", checkable=True, words="colour desktop"),
    ActionSpec("compute.auto", "Draw on the Fastest Device", "", "", checkable=True,
               hint="The GPU where there is one", words="compute gpu cuda cpu processor automatic"),
    ActionSpec("compute.cpu", "Draw on the Processor", "", "", checkable=True, words="compute cpu device"),
    ActionSpec("compute.cuda", "Draw on the GPU", "", "", checkable=True, words="compute cuda nvidia device graphics"),
    ActionSpec("help.palette", "Search Actions…", "Ctrl+K", "search", words="command palette find"),
    ActionSpec("help.keys", "Keyboard Shortcuts", "?", "keyboard", words="keys help list"),
    ActionSpec("help.about", "About GANStudio", "", "info", words="version"),
)  # fmt: skip


@dataclass(frozen=True)
class Submenu:
    """A menu inside a menu."""

    title: str
    ids: tuple[str, ...]


MENUS: dict[str, tuple[str | Submenu, ...]] = {
    "&File": ("file.open", "file.open_builtin", "file.open_data", "file.watch_folder",
              "file.public_models", SEPARATOR,
              "file.new_project", "file.open_project",
              Submenu("Open Recent Project", (*RECENT_IDS, SEPARATOR, "file.clear_recent")),
              "file.save_project", "file.save_project_as", "file.revert", SEPARATOR,
              "file.save", "file.save_selected", "file.export_animation", "file.save_model", "file.mix_models",
              SEPARATOR, "file.quit"),
    "&Edit": ("edit.undo", "edit.redo", SEPARATOR, "edit.copy", "edit.copy_latent", "edit.copy_edits", "edit.paste",
              SEPARATOR, "edit.select_all", "edit.select_none", SEPARATOR,
              Submenu("Directions", ("directions.import", "directions.paste", SEPARATOR, "directions.export",
                                     "directions.export_used", "directions.save_model")), SEPARATOR,
              "edit.reset_sliders", "edit.reset_look"),
    "&Picture": ("picture.new", "picture.back", "picture.forward", SEPARATOR, "picture.favourite",
                 "picture.mark_plus", "picture.mark_minus", "picture.pin", "picture.swap", "picture.region", SEPARATOR,
                 "directions.find", "directions.measure", SEPARATOR,
                  "picture.rename", "picture.remove", "picture.clear_history", SEPARATOR, "live.control"),
    "&Animate": ("animate.play", "animate.previous", "animate.next", SEPARATOR, "animate.key", "animate.key_all",
                 "animate.auto_key", "animate.take", SEPARATOR, "animate.sound", SEPARATOR, "animate.clear"),
    "&Train": ("train.start", "train.pause", "train.stop"),
    "&View": ("view.explore", "view.train", "view.steps", "view.animate", SEPARATOR, "view.grid", "view.layers",
              "view.map",
              Submenu("Zoom", ("view.fit", "view.half_size", "view.actual_size", "view.double_size", SEPARATOR,
                               "view.zoom_in", "view.zoom_out")),
              "view.smooth", SEPARATOR, "view.divider", "view.side_by_side", "view.histogram",
              Submenu("Channel", ("view.channel_colour", "view.channel_red", "view.channel_green",
                                  "view.channel_blue", "view.channel_luminance", "view.channel_alpha")),
              "view.output", SEPARATOR,
              "compute.auto", "compute.cpu", "compute.cuda", SEPARATOR,
              "view.theme_dark", "view.theme_light", "view.theme_system", SEPARATOR, "view.reset_layout"),
    "&Help": ("help.palette", "help.keys", SEPARATOR, "help.about"),
}  # fmt: skip

TOOLBARS: dict[str, tuple[str, ...]] = {
    "explore": ("file.open", SEPARATOR, "edit.undo", "edit.redo", SEPARATOR, "picture.back", "picture.new",
                "picture.forward", "picture.favourite", SEPARATOR, "view.grid", "view.layers", "view.map",
                SEPARATOR, "edit.copy", "file.save"),
    "animate": ("file.open", SEPARATOR, "edit.undo", "edit.redo", SEPARATOR, "picture.new", "picture.favourite",
                SEPARATOR, "edit.copy", "file.save"),
    "train": ("file.open_data", SEPARATOR, "train.start", "train.pause", "train.stop"),
    "steps": (),
}  # fmt: skip

Handlers = Mapping[str, Callable[[], object]]


class Actions(QObject):
    """The actions of one window, made of the table.

    Args:
        handlers: What each id does; every id of the table needs one.
        parent: The window, on which the shortcuts work.
    """

    def __init__(self, handlers: Handlers, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            self._actions[spec.id] = self._make(spec, handlers[spec.id])
        self.recolour()

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def update_enabled(self, now: Situation) -> None:
        """Enable exactly what can be run now."""
        for spec in ACTIONS:
            can_run = spec.enabled_when(now)
            self._actions[spec.id].setEnabled(can_run)
            if spec.is_named:
                self._actions[spec.id].setVisible(can_run)

    def recolour(self) -> None:
        """Draw all icons again, after a change of theme."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(icons.icon(spec.icon))

    def fill_menus(self, bar: QMenuBar) -> None:
        """Make all menus."""
        for title, ids in MENUS.items():
            self._fill(bar.addMenu(title), ids)

    def fill_toolbar(self, bar: QToolBar, workspace: str) -> None:
        """Make the toolbar of a workspace anew."""
        bar.clear()
        self._fill(bar, TOOLBARS[workspace])

    def _fill(self, target: QMenu | QToolBar, ids: tuple[str | Submenu, ...]) -> None:
        for action_id in ids:
            if isinstance(action_id, Submenu):
                if isinstance(target, QMenu):
                    self._fill(target.addMenu(action_id.title), action_id.ids)
            elif action_id == SEPARATOR:
                target.addSeparator()
            else:
                target.addAction(self._actions[action_id])

    def _make(self, spec: ActionSpec, handler: Callable[[], object]) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(tooltip(spec))
        action.setIconVisibleInMenu(False)
        action.triggered.connect(lambda _checked=False, run=handler: run())
        self._window.addAction(action)
        return action


def tooltip(spec: ActionSpec) -> str:
    """What an action says under the pointer: its name, what it does, its keys."""
    text = spec.text.rstrip("…")
    if spec.hint:
        text += f": {spec.hint[:1].lower()}{spec.hint[1:]}"
    return f"{text}  ({spec.shortcut})" if spec.shortcut else text
