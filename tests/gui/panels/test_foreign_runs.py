"""Runs of other programs in the Train workspace: curves, sheets over time, and the best snapshot."""

import json
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.services.training_session import Phase


def write_run(folder: Path) -> Path:
    """A StyleGAN run of three ticks; the second snapshot has the lowest FID."""
    folder.mkdir()
    (folder / "training_options.json").write_text(json.dumps({"total_kimg": 100}))
    lines = []
    for step in range(60):  # enough for whatever judges the curves
        stats = {"Loss/G/loss": 1.0, "Loss/D/loss": 0.5, "Progress/kimg": 8 + step / 10}
        lines.append(json.dumps({name: {"num": 1, "mean": value, "std": 0.0} for name, value in stats.items()}))
    for kimg, fid in ((0, 90.0), (4, 20.0), (8, 30.0)):
        stats = {"Loss/G/loss": 1.0, "Loss/D/loss": 0.5, "Progress/kimg": float(kimg)}
        lines.append(json.dumps({name: {"num": 1, "mean": value, "std": 0.0} for name, value in stats.items()}))
        Image.new("RGB", (64, 32), (kimg * 20, 0, 0)).save(folder / f"fakes{kimg:06d}.png")
        (folder / f"network-snapshot-{kimg:06d}.pkl").write_bytes(b"x")
        line = {"results": {"fid50k_full": fid}, "metric": "fid50k_full",
                "snapshot_pkl": f"network-snapshot-{kimg:06d}.pkl"}  # fmt: skip
        with (folder / "metric-fid50k_full.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
    (folder / "stats.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_a_dropped_run_of_another_program_shows_its_curves_sheets_and_best_snapshot(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    run = write_run(tmp_path / "00000-stylegan2-faces")
    window.opener.open(run)
    wait_opened(window, qtbot)
    session, progress = window.session, window.train.progress
    assert window.workspaces.current == "train"
    assert session.phase is Phase.FOREIGN
    assert "faces" in session.title
    assert not progress.header.resume_button.isVisible()
    assert [kimg for kimg, _ in session.history.samples] == [0, 4, 8]
    progress.scrubber.slider.setValue(1)
    assert progress.scrubber.kimg == 4
    assert session.history.scalars[1]["loss_generator"] == 1.0
    assert len(session.history.scalars) > 50
    qtbot.waitUntil(lambda: progress._plots is not None)  # made a moment later
    assert progress._plots is not None
    progress._plots.curves.tabs.setCurrentIndex(1)
    assert not progress._plots.curves.plots["FID"].isHidden()
    assert progress._plots.curves.plots["What D believes"].isHidden()
    window.train.health.refresh()
    assert any("judge by" in label.text() for label in window.train.health.findChildren(QLabel))
    with qtbot.waitSignal(session.snapshot_chosen) as chosen:
        qtbot.mouseClick(progress.scrubber.best_button, Qt.MouseButton.LeftButton)
    assert chosen.args == [run / "network-snapshot-000004.pkl"]
    wait_opened(window, qtbot)
