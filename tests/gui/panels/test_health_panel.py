"""The health panel: cards say what is wrong and how sure, and their buttons do it."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.gui.jobs import JobList
from ganstudio.gui.panels.health import FindingCard, HealthPanel
from ganstudio.gui.services.training_session import Phase, TrainingSession
from ganstudio.training.config import with_settings
from ganstudio.training.origin import Origin, prepare_and_train
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.changes import set_aside_places
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_list import runs_folder


@pytest.fixture
def session(qtbot: QtBot) -> TrainingSession:
    return TrainingSession(JobList())


@pytest.fixture
def panel(session: TrainingSession, qtbot: QtBot) -> HealthPanel:
    panel = HealthPanel(session=session)
    qtbot.addWidget(panel)
    session.setParent(panel)
    return panel


def collapsed_run(name: str = "run") -> RunFolder:
    """A stopped run with a best moment, whose variety is on record as lost."""
    run = RunFolder(runs_folder() / name)
    origin = Origin("avatars:40", PreparationConfig(28, 1), use_labels=False)
    settings = {"kimg": 0.2, "batch_size": 4, "threads": 1, "device": "cpu", "score_kimg": 0.02, "sample_kimg": 0.05}

    def configure(facts):
        return with_settings(PRESETS["quick"].configure(facts), settings)

    events = prepare_and_train(origin, configure, run)
    for event in events:
        if getattr(event, "step", 0) >= 25:
            break
    events.close()
    run.replace_config(with_settings(run.config(), {"score_kimg": 10.0}))
    for kimg, diversity in ((0.101, 0.9), (0.102, 0.1), (0.103, 0.1), (0.104, 0.1)):
        run.append("scores", {"kimg": kimg, "kid": 99.0, "diversity": diversity})
    return run


def press(panel: HealthPanel, title: str) -> None:
    next(button for button in panel.findChildren(QPushButton) if button.text() == title).click()


def test_a_card_says_since_when_how_sure_and_what_to_do(panel, session):
    session.show_run(collapsed_run().path)
    panel.refresh()
    card = panel.findChild(FindingCard)
    texts = [label.text() for label in card.findChildren(QLabel)]
    assert texts[0] == "Mode collapse"
    assert "since 0.1 kimg" in texts[1]
    assert "likely" in texts[1] or "certain" in texts[1]
    assert "10% as varied" in texts[2]
    titles = [button.text() for button in card.findChildren(QPushButton)]
    assert titles == [
        "Go Back with a Stronger R1",
        "Go Back and Play in Pairs",
        "Begin Anew in Packs of Two",
        "Go Back to the Best",
    ]
    assert all(button.toolTip() for button in card.findChildren(QPushButton))


def test_of_a_run_that_has_ended_going_back_is_offered_and_others_anew(panel, session, qtbot):
    run = collapsed_run("avatars-1")
    for kimg in (0.101, 0.102, 0.103, 0.104):
        run.append("scores", {"kimg": kimg, "kid": 99.0, "copying": 0.1, "diversity": 1.0})
    run.append("scalars", {"kimg": 0.1, "d_real": 0.5, "d_fake": 0.5})
    run.replace_config(with_settings(run.config(), {"kimg": 0.1}))
    session.show_run(run.path)
    assert session.phase is Phase.FINISHED
    panel.refresh()
    titles = {button.text() for button in panel.findChildren(QPushButton)}
    assert {"Begin Anew: Augment", "Go Back to the Best", "Begin Anew without Copies"} <= titles
    assert not {"Augment", "Stop Here"} & titles
    press(panel, "Begin Anew: Augment")
    qtbot.waitUntil(lambda: session.phase is Phase.FINISHED and session.title == "avatars-2", timeout=60_000)
    assert "diff_augment" in session.run.config().parts
    assert "diff_augment" not in run.config().parts
    session.show_run(run.path)
    panel.refresh()
    press(panel, "Go Back to the Best")
    qtbot.waitUntil(lambda: session.phase in (Phase.FINISHED, Phase.FAILED), timeout=60_000)
    assert session.phase is Phase.FINISHED, session.error
    assert len(set_aside_places(run)) == 1


def test_going_back_with_other_settings_does_both_and_goes_on(panel, session, qtbot):
    run = collapsed_run()
    best = run.best()[0]
    session.show_run(run.path)
    panel.refresh()
    press(panel, "Go Back and Play in Pairs")
    qtbot.waitUntil(lambda: session.phase in (Phase.FINISHED, Phase.FAILED), timeout=60_000)
    assert session.phase is Phase.FINISHED, session.error
    config = run.config()
    assert config.loss == "relativistic"
    assert config.parts["r2"] == {}
    assert run.read("changes")[0]["kimg"] == best
    assert len(set_aside_places(run)) == 1
    assert all(line["kid"] < 99 for line in run.read("scores"))


def test_a_run_that_is_trained_is_changed_on_the_way(session, panel, qtbot):
    run = collapsed_run()
    session.resume_run(run.path, kimg=50.0)
    qtbot.waitUntil(lambda: session.phase is Phase.TRAINING, timeout=30_000)
    session.change_settings({"r1.gamma": 7.0})
    qtbot.waitUntil(
        lambda: session.phase is Phase.TRAINING and run.config().parts["r1"]["gamma"] == 7.0, timeout=30_000
    )
    session.stop()
    qtbot.waitUntil(lambda: session.phase is Phase.STOPPED, timeout=30_000)
    assert run.read("changes")[0]["settings"] == {"r1.gamma": 7.0}


def test_what_cannot_be_changed_is_said(session, panel, qtbot):
    run = collapsed_run()
    session.show_run(run.path)
    with qtbot.waitSignal(session.failed) as said:
        session.change_settings({"seed": 3})
    assert "keeps it for life" in said.args[0].reason
    assert session.phase is Phase.STOPPED


def test_a_wish_that_cannot_be_does_not_stop_a_run(session, panel, qtbot):
    run = collapsed_run()
    session.resume_run(run.path, kimg=50.0)
    qtbot.waitUntil(lambda: session.phase is Phase.TRAINING, timeout=30_000)
    with qtbot.waitSignal(session.failed):
        session.change_settings({"packing": True})
    assert session.phase is Phase.TRAINING
    session.stop()
    qtbot.waitUntil(lambda: session.phase is Phase.STOPPED, timeout=30_000)


def test_a_new_run_is_begun_for_what_a_run_keeps_for_life(session, panel, qtbot):
    run = collapsed_run("avatars-1")
    before = run.states()[-1]
    session.show_run(run.path)
    panel.refresh()
    press(panel, "Begin Anew in Packs of Two")
    qtbot.waitUntil(lambda: session.phase in (Phase.FINISHED, Phase.FAILED), timeout=60_000)
    assert session.phase is Phase.FINISHED, session.error
    assert session.title == "avatars-2"
    assert "packing" in session.history.config.parts
    assert run.states()[-1] == before
