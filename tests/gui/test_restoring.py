"""What a dropped picture or project needs is found, or said to be missing; the pixels are the same again."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from waiting import wait_opened

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.gui.main_window import MainWindow
from ganstudio.images import read_recipe as read_values
from ganstudio.images import save_picture
from ganstudio.project import direction_edits, edits, history, latent_edits
from ganstudio.project.file import read_content, write_project
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.looks.point import latent_point

MakeWindow = Callable[..., MainWindow]
LEFT = Qt.MouseButton.LeftButton


def wait_quiet(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the canvas shows the document's picture and the model is identified."""

    def is_quiet() -> bool:
        rendered, state = window.explore.canvas.rendered, window.document.state
        return (
            rendered is not None
            and rendered.request.looks[0] == state.look
            and rendered.request.checkpoint_path == state.checkpoint
            and window.document.opened_as(state.checkpoint) is not None
            and not window.jobs.jobs()
        )

    qtbot.waitUntil(is_quiet, timeout=60_000)  # a loaded machine takes its time


def pixels_of(window: MainWindow) -> np.ndarray:
    rendered = window.explore.canvas.rendered
    assert rendered is not None
    return rendered.pixels.copy()


def work(window: MainWindow) -> None:
    """Go somewhere that only a latent, edits and a direction of one's own lead to."""
    document = window.document
    found = own_direction(DirectionInfo("mine", "Mine", -3.0, 3.0, None, "picks"), np.linspace(-1, 1, 8))
    point = latent_point("z", np.random.default_rng(5).normal(size=8))
    state = direction_edits.add_directions(document.state, [found])
    state = latent_edits.set_point(state, point)
    state = direction_edits.set_strength(state, found.name, 1.37)
    state = direction_edits.put_edit(state, Edit("smile", -0.61, label=1))
    document.apply("Work", edits.set_label(edits.set_truncation(state, 0.83), 1))


def save(window: MainWindow, path: Path, qtbot: QtBot) -> Path:
    window.explore.canvas.save(path)
    qtbot.waitUntil(lambda: not window.jobs.jobs(), timeout=20_000)
    assert path.exists()
    return path


def open_and_wait(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    window.opener.open(path)
    wait_opened(window, qtbot)


def press(window: MainWindow, text: str, qtbot: QtBot) -> None:
    button = window.explore.canvas.notice.button(text)
    assert button is not None
    qtbot.mouseClick(button, LEFT)


def other_model(path: Path, seed: int = 1) -> Path:
    """A model of the same kind as the tiny one, with other weights."""
    import torch

    from ganstudio.networks.catalogue import NETWORKS

    architecture = NETWORKS["mlp"]
    config = architecture.config_type(num_classes=3, z_dim=8, hidden=16, layers=1)
    generator = architecture.build_generator(config, torch.Generator().manual_seed(seed)).eval()
    smile = (DirectionInfo("smile", "Smile", -3.0, 3.0, 0.8, "factor"), np.eye(8, dtype=np.float32)[0])
    axis = (DirectionInfo("pca_1", "Axis 1", -3.0, 3.0, 0.5, "pca"), np.eye(8, dtype=np.float32)[1])
    content = GeneratorFile("mlp", config, ("a", "b", "c"), {"kimg": 1.5}, (smile, axis))
    save_generator(path, generator, content)
    return path


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("suffix", ["png", "webp", "jpg"])
def test_a_saved_picture_restores_latent_edits_and_pixels_exactly(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, suffix: str, moved: bool, qtbot: QtBot
) -> None:
    window = make_window(open_path=tiny_checkpoint)
    work(window)
    wait_quiet(window, qtbot)
    look, pixels = window.document.state.look, pixels_of(window)
    picture = save(window, tmp_path / f"kept.{suffix}", qtbot)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    model = tiny_checkpoint
    if moved:
        (tmp_path / "elsewhere").mkdir()
        model = tiny_checkpoint.rename(tmp_path / "elsewhere" / "renamed.safetensors")
        picture = picture.rename(tmp_path / "elsewhere" / picture.name)
    second = make_window()
    open_and_wait(second, picture, qtbot)
    wait_quiet(second, qtbot)
    assert second.document.state.look == look
    assert second.document.state.checkpoint == str(model)
    assert np.array_equal(pixels_of(second), pixels)
    assert not second.explore.canvas.notice.isVisible()
    if suffix == "png":
        assert np.array_equal(np.asarray(Image.open(picture).convert("L")), pixels[0, ..., 0])


def test_a_recipe_holds_model_version_and_own_directions(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    work(window)
    wait_quiet(window, qtbot)
    values = read_values(save(window, tmp_path / "kept.png", qtbot))
    assert values is not None
    recipe = read_recipe(values)
    assert recipe.model == fingerprint_of(Path(window.document.state.checkpoint or ""))
    assert recipe.directions == window.document.state.directions
    assert values["program"].startswith("GANStudio ")
    window.commands["file.new_project"].trigger()
    assert window.document.state.directions == ()
    open_and_wait(window, tmp_path / "kept.png", qtbot)
    assert window.document.state.directions == recipe.directions
    window.commands["edit.undo"].trigger()
    assert window.document.state.directions == ()


def test_a_grid_saved_as_one_picture_comes_back_as_the_grid(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.commands["picture.new"].trigger()
    window.document.apply("Smile", direction_edits.set_strength(window.document.state, "smile", 1.0))
    window.commands["view.grid"].trigger()
    qtbot.waitUntil(lambda: window.explore.grid_page.is_complete, timeout=20_000)
    state = window.document.state
    sheet = save(window, tmp_path / "sheet.jpg", qtbot)
    window.commands["file.new_project"].trigger()
    open_and_wait(window, sheet, qtbot)
    restored = window.document.state
    assert (restored.look, restored.view, restored.grid_side) == (state.look, "grid", state.grid_side)
    assert restored.grid_looks == state.grid_looks


def test_a_sheet_of_selected_pictures_fills_the_history(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.commands["view.grid"].trigger()
    qtbot.waitUntil(lambda: window.explore.grid_page.is_complete, timeout=20_000)
    window.document.apply("Select", edits.set_picks(window.document.state, (1, 5, 9)))
    sheet = save(window, tmp_path / "sheet.png", qtbot)
    window.commands["file.new_project"].trigger()
    open_and_wait(window, sheet, qtbot)
    seeds = [entry.look.seed for entry in window.document.state.history]
    assert sorted(seeds[-3:]) == [1, 5, 9]
    assert window.document.state.look.seed == 1


def test_a_picture_whose_model_is_nowhere_can_be_located(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    picture, hidden = tmp_path / "p" / "kept.png", tmp_path / "q" / "renamed.safetensors"
    picture.parent.mkdir()
    hidden.parent.mkdir()
    look = Look(seed=7, edits=(Edit("smile", 1.5),))
    recipe = Recipe(look, str(tiny_checkpoint), fingerprint_of(tiny_checkpoint))
    save_picture(picture, np.zeros((8, 8, 3), np.uint8), recipe.to_json())
    tiny_checkpoint.rename(hidden)
    window = make_window()
    before = window.document.state
    open_and_wait(window, picture, qtbot)
    notice = window.explore.canvas.notice
    assert notice.isVisible()
    assert "tiny.safetensors" in notice.title.text()
    assert window.document.state == before
    wrong = other_model(tmp_path / "wrong.safetensors")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(wrong), ""))
    press(window, "Locate…", qtbot)
    wait_opened(window, qtbot)
    assert "wrong.safetensors is another model" in notice.title.text()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(hidden), ""))
    press(window, "Locate…", qtbot)
    wait_opened(window, qtbot)
    assert (window.document.state.look, window.document.state.checkpoint) == (look, str(hidden))
    assert not notice.isVisible()


def test_a_picture_whose_model_is_nowhere_can_be_made_with_the_open_one(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    look = Look(seed=7, edits=(Edit("smile", 1.5),))
    save_picture(tmp_path / "kept.png", np.zeros((8, 8, 3), np.uint8), Recipe(look, "/nowhere/faces.pkl").to_json())
    checkpoint = window.document.state.checkpoint
    open_and_wait(window, tmp_path / "kept.png", qtbot)
    assert "faces.pkl" in window.explore.canvas.notice.title.text()
    press(window, "Use the Open Model", qtbot)
    assert (window.document.state.look, window.document.state.checkpoint) == (look, checkpoint)


def test_a_picture_of_another_model_of_that_name_says_so_and_lets_the_person_decide(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    look = Look(seed=7, edits=(Edit("smile", 1.5),))
    recipe = Recipe(look, str(tiny_checkpoint), fingerprint_of(tiny_checkpoint))
    save_picture(tmp_path / "kept.png", np.zeros((8, 8, 3), np.uint8), recipe.to_json())
    other_model(tiny_checkpoint)
    window = make_window()
    before = window.document.state
    open_and_wait(window, tmp_path / "kept.png", qtbot)
    assert "tiny.safetensors is another model than the one that made this picture" in (
        window.explore.canvas.notice.title.text()
    )
    assert window.document.state == before
    press(window, "Use It Anyway", qtbot)
    wait_opened(window, qtbot)
    assert (window.document.state.look, window.document.state.checkpoint) == (look, str(tiny_checkpoint))


def test_a_project_whose_model_moved_is_relinked_and_saved_so(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    old = "/gone/tiny.safetensors"
    project = edits.set_seed(Project(checkpoint=old), 5)
    project = history.toggle_favourite(project)
    path = tmp_path / "work.ganstudio"
    write_project(path, project, {old: fingerprint_of(tiny_checkpoint)})
    window = make_window()
    open_and_wait(window, path, qtbot)
    state = window.document.state
    assert state.checkpoint == str(tiny_checkpoint)
    assert {entry.checkpoint for entry in (*state.history, *state.favourites)} <= {str(tiny_checkpoint), None}
    assert state.look.seed == 5
    assert window.document.is_modified
    window.commands["file.save_project"].trigger()
    qtbot.waitUntil(lambda: not window.document.is_modified)
    content = read_content(path)
    assert content.project == state
    assert content.models == {str(tiny_checkpoint): fingerprint_of(tiny_checkpoint)}


def test_a_project_whose_model_is_gone_opens_without_a_picture_and_is_located(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    old, path = str(tiny_checkpoint), tmp_path / "work.ganstudio"
    project = history.rename(
        edits.set_seed(Project(checkpoint=old), 5), edits.set_seed(Project(checkpoint=old), 5).entry, "A"
    )
    write_project(path, project, {old: fingerprint_of(tiny_checkpoint)})
    moved = tiny_checkpoint.rename(hidden / "x.bin")
    window = make_window()
    open_and_wait(window, path, qtbot)
    assert window.document.state == project
    assert not window.document.is_modified
    assert window.document.description is None
    assert window.explore.canvas.rendered is None
    assert "is not there any more" in window.explore.canvas.notice.title.text()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    press(window, "Locate…", qtbot)
    wait_opened(window, qtbot)
    assert window.document.state == history.relink(project, old, str(moved))
    wait_quiet(window, qtbot)
    window.commands["edit.undo"].trigger()
    assert window.document.state == project


def test_a_project_of_another_model_of_that_name_says_so_and_lets_the_person_decide(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path, old = tmp_path / "work.ganstudio", fingerprint_of(tiny_checkpoint)
    project = edits.set_seed(Project(checkpoint=str(tiny_checkpoint)), 5)
    write_project(path, project, {str(tiny_checkpoint): old})
    other_model(tiny_checkpoint)
    window = make_window()
    open_and_wait(window, path, qtbot)
    notice = window.explore.canvas.notice
    assert "tiny.safetensors is another model than the one that this project was made with" in notice.title.text()
    assert window.document.state == project
    assert window.explore.canvas.rendered is None  # nothing is drawn that could be taken for the project's
    press(window, "Use It Anyway", qtbot)
    wait_opened(window, qtbot)
    wait_quiet(window, qtbot)
    assert window.document.state == project
    assert window.document.models == {str(tiny_checkpoint): fingerprint_of(tiny_checkpoint)}
    assert not notice.isVisible()


def test_a_model_that_was_replaced_under_a_project_is_noticed(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = make_window(open_path=tiny_checkpoint)
    wait_quiet(first, qtbot)
    session = first.document.session
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    other_model(tiny_checkpoint)
    second = make_window(wait=False)
    second.document.resume(session)
    second.opener.restore()
    wait_opened(second, qtbot)
    notice = second.explore.canvas.notice
    qtbot.waitUntil(notice.isVisible, timeout=20_000)
    assert "another model than the one that this project was made with" in notice.title.text()
    press(second, "Keep Using It", qtbot)
    assert second.document.models[str(tiny_checkpoint)] == fingerprint_of(tiny_checkpoint)


def test_the_model_of_a_session_is_found_where_it_is_now(
    make_window: MakeWindow, tiny_checkpoint: Path, qtbot: QtBot
) -> None:
    first = make_window(open_path=tiny_checkpoint)
    first.commands["picture.new"].trigger()
    wait_quiet(first, qtbot)
    session = first.document.session
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    moved = tiny_checkpoint.rename(tiny_checkpoint.with_name("renamed.safetensors"))
    second = make_window(wait=False)
    second.document.resume(session)
    second.opener.restore()
    wait_opened(second, qtbot)
    assert second.document.state.checkpoint == str(moved)
    assert second.document.state.look == session.project.look


def damaged_png(path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("ganstudio", '{"look": {"seed": ')
    Image.new("L", (8, 8)).save(path, pnginfo=info)


def newer_png(path: Path) -> None:
    save_picture(path, np.zeros((8, 8, 3), np.uint8), {"schema": 7, "program": "GANStudio 5.0", "look": {}})


def foreign_png(path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5")
    Image.new("L", (8, 8)).save(path, pnginfo=info)


def cut_png(path: Path) -> None:
    values = Recipe(Look(point=latent_point("w_plus", np.random.default_rng(0).normal(size=(18, 512))))).to_json()
    save_picture(path, np.zeros((8, 8, 3), np.uint8), values)
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (damaged_png, "damaged"),
        (newer_png, "GANStudio 5.0 made this picture"),
        (foreign_png, "does not say how it was made"),
        (cut_png, "cut short"),
    ],
)
def test_a_picture_that_cannot_be_restored_says_why_and_changes_nothing(
    window: MainWindow, tmp_path: Path, make: Callable[[Path], None], words: str, qtbot: QtBot
) -> None:
    path = tmp_path / "strange.png"
    make(path)
    before = window.document.state
    open_and_wait(window, path, qtbot)
    assert window.document.state == before
    said = [f"{toast.message.text} {toast.message.more}" for toast in window.toasts.shown]
    assert any(words in text and "strange.png" in text for text in said), said


def test_the_window_lives_while_a_large_model_is_identified(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    wait_quiet(window, qtbot)
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(300 << 20)
    ticks: list[int] = []
    from PySide6.QtCore import QTimer

    timer = QTimer(window, interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    window.identity._quiet.stop()
    state = window.document.state
    window.document.begin_with(replace(state, checkpoint=str(large)))
    window.identity._begin()
    qtbot.waitUntil(lambda: window.document.opened_as(str(large)) is not None, timeout=30_000)
    timer.stop()
    assert len(ticks) > 5
    window.document.begin_with(state)


def test_a_model_opened_while_another_is_identified_has_its_turn(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    wait_quiet(window, qtbot)
    qtbot.waitUntil(window.identity.is_shut_down)
    state, (first, second) = window.document.state, (tmp_path / "first.bin", tmp_path / "second.bin")
    for path in (first, second):
        path.write_bytes(path.name.encode())
    window.document.begin_with(replace(state, checkpoint=str(first)))
    window.identity._begin()
    window.document.begin_with(replace(state, checkpoint=str(second)))
    window.identity._begin()  # the first is not done yet
    qtbot.waitUntil(lambda: window.document.opened_as(str(second)) is not None)
    assert window.document.opened_as(str(first)) is not None
    window.document.begin_with(replace(state, checkpoint=str(tmp_path / "gone.bin")))
    window.identity._begin()
    qtbot.waitUntil(lambda: bool(window.identity._unreadable))
    qtbot.waitUntil(window.identity.is_shut_down)
    qtbot.waitUntil(lambda: not window.identity._quiet.isActive())
    assert window.identity.is_shut_down()  # what cannot be read is not tried again
    window.document.begin_with(state)


def test_json_of_the_session_names_the_models(window: MainWindow, qtbot: QtBot) -> None:
    wait_quiet(window, qtbot)
    window.autosave.save()
    qtbot.waitUntil(window.autosave.path.exists)
    values = json.loads(window.autosave.path.read_text())
    [(path, model)] = values["models"].items()
    assert path == window.document.state.checkpoint
    assert model["size_bytes"] == Path(path).stat().st_size


def test_going_back_to_a_picture_of_another_model_goes_back_to_that_model(
    make_window: MakeWindow, tiny_checkpoint: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make_window(open_path=tiny_checkpoint)
    window.commands["picture.new"].trigger()
    first = window.document.state.look
    other = Path(shutil.copy(other_model(tmp_path / "o.safetensors"), tmp_path / "other.safetensors"))
    open_and_wait(window, other, qtbot)
    window.commands["picture.new"].trigger()
    for _ in range(2):
        window.commands["picture.back"].trigger()
    assert (window.document.state.checkpoint, window.document.state.look) == (str(tiny_checkpoint), first)
    wait_quiet(window, qtbot)
    session = window.document.session
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    second = make_window(wait=False)  # where nobody has opened the other one yet
    second.document.resume(session)
    second.opener.restore()
    wait_opened(second, qtbot)
    second.commands["picture.forward"].trigger()
    wait_opened(second, qtbot)
    assert second.document.state.checkpoint == str(other)
    wait_quiet(second, qtbot)
