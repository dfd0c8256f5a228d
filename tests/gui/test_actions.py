from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QToolBar
from pytestqt.qtbot import QtBot

from ganstudio.gui.actions import ACTIONS, MENUS, SEPARATOR, TOOLBARS, Actions, Situation, Submenu
from ganstudio.gui.icons import icon_names
from ganstudio.gui.main_window import MainWindow
from ganstudio.project.state import Project

IDS = [spec.id for spec in ACTIONS]


def test_ids_and_shortcuts_are_unique() -> None:
    assert len(IDS) == len(set(IDS))
    shortcuts = Counter(QKeySequence(spec.shortcut).toString() for spec in ACTIONS if spec.shortcut)
    assert all(count == 1 for count in shortcuts.values()), shortcuts
    assert all(QKeySequence(spec.shortcut).toString() for spec in ACTIONS if spec.shortcut)


def test_every_icon_exists() -> None:
    assert {spec.icon for spec in ACTIONS if spec.icon} <= set(icon_names())


def test_menus_hold_every_action_once_and_toolbars_only_known_ones() -> None:
    entries = [entry for ids in MENUS.values() for entry in ids]
    flat = [part for entry in entries for part in (entry.ids if isinstance(entry, Submenu) else (entry,))]
    in_menus = [action_id for action_id in flat if action_id != SEPARATOR]
    assert sorted(in_menus) == sorted(IDS)
    in_toolbars = {action_id for ids in TOOLBARS.values() for action_id in ids if action_id != SEPARATOR}
    assert in_toolbars <= set(IDS)
    icons_of = {spec.id: spec.icon for spec in ACTIONS}
    assert all(icons_of[action_id] for action_id in in_toolbars)


def test_an_action_runs_its_handler_and_is_enabled_by_the_situation(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    run: list[str] = []
    actions = Actions({spec.id: lambda name=spec.id: run.append(name) for spec in ACTIONS}, window)
    actions.update_enabled(Situation(Project(), can_undo=True))
    actions["edit.undo"].trigger()
    actions["edit.redo"].trigger()  # nothing to redo
    assert run == ["edit.undo"]
    assert not actions["picture.new"].isEnabled()
    actions.update_enabled(Situation(Project(checkpoint="model")))
    assert actions["picture.new"].isEnabled()
    assert not actions["edit.undo"].isEnabled()


def test_a_toolbar_is_made_of_the_tree(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions({spec.id: lambda: None for spec in ACTIONS}, window)
    bar = QToolBar(window)
    for workspace, ids in TOOLBARS.items():
        actions.fill_toolbar(bar, workspace)
        made = [action.objectName() or SEPARATOR for action in bar.actions()]
        assert made == list(ids)


def test_the_window_has_a_handler_for_every_action(window: MainWindow) -> None:
    for spec in ACTIONS:
        assert window.commands[spec.id].text()
