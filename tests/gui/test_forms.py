"""Forms: choices are written as people write them, and are still the settings' own."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from ganstudio.gui.forms import DataclassForm, say_choice
from ganstudio.training.config import TrainingConfig


@pytest.mark.parametrize(
    ("choice", "said"),
    [("least_squares", "Least squares"), ("rmsprop", "RMSprop"), ("w", "w"), ("4:2:0", "4:2:0"), ("as they are",
     "As they are"), ("CRF 18", "CRF 18")],
)  # fmt: skip
def test_choices_are_written_as_people_write_them(choice, said):
    assert say_choice(choice) == said


def test_what_is_chosen_is_the_setting_s_own(qtbot: QtBot):
    form = DataclassForm(TrainingConfig(loss="hinge"))
    qtbot.addWidget(form)
    box = form.findChild(QComboBox, "loss")
    assert box.currentText() == "Hinge"
    box.setFocus()
    qtbot.keyClicks(box, "Leas")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.currentText(), form.value.loss) == ("Least squares", "least_squares")
    form.show_value(TrainingConfig(loss="non_saturating"))
    assert (box.currentText(), form.value.loss) == ("Non-saturating", "non_saturating")
