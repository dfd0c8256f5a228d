from pathlib import Path

import numpy as np
import pytest

from ganstudio.checkpoints.base import CheckpointError, OpenedFile
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.opening import (
    ModelDescribed,
    ModelReady,
    OpeningProgress,
    draw_fitting,
    open_model,
    read_ahead,
)
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from ganstudio.rendering.shelf import RendererShelf, stamp_of


def test_a_model_is_described_then_built_and_draws_as_if_opened_at_once(tiny_checkpoint: Path) -> None:
    events = list(open_model(OpenedFile.open(tiny_checkpoint), "cpu"))
    kinds = [type(event) for event in events if not isinstance(event, OpeningProgress)]
    assert kinds == [ModelDescribed, ModelReady]
    fractions = [event.fraction for event in events if isinstance(event, OpeningProgress) and event.fraction]
    assert fractions == sorted(fractions)
    ready = events[-1]
    assert isinstance(ready, ModelReady)
    request = RenderRequest(str(tiny_checkpoint), (Look(seed=4),))
    expected = Renderer(tiny_checkpoint, "cpu").render(request).pixels
    assert np.array_equal(ready.renderer.render(request).pixels, expected)


def test_reading_ahead_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(b"x")
        file.truncate(40 << 20)
    events = list(read_ahead(OpenedFile.open(path)))
    assert [event.doing for event in events] == [f"{done} of 40 MB" for done in (8, 16, 24, 32, 40)]
    work = read_ahead(OpenedFile.open(path))
    next(work)
    work.close()


def test_a_file_that_vanished_is_told(tiny_checkpoint: Path) -> None:
    file = OpenedFile.open(tiny_checkpoint)
    tiny_checkpoint.unlink()
    with pytest.raises(CheckpointError):
        list(open_model(file, "cpu"))


def test_what_the_model_lacks_is_passed_over(tiny_checkpoint: Path) -> None:
    renderer = Renderer(tiny_checkpoint, "cpu")
    request = RenderRequest("x", (Look(label=7, edits=(Edit("beard", 1.0), Edit("smile", 1.0))),))
    rendered = draw_fitting(renderer, request)
    assert rendered.request == request
    plain = RenderRequest("x", (Look(edits=(Edit("smile", 1.0),)),))
    assert np.array_equal(rendered.pixels, renderer.render(plain).pixels)


def test_the_shelf_keeps_the_last_used_and_notices_new_files(tiny_checkpoint: Path, tmp_path: Path) -> None:
    renderer = Renderer(tiny_checkpoint, "cpu")
    shelf = RendererShelf(kept=2)
    for name in "abc":
        (tmp_path / name).write_bytes(b"1")
        shelf.put(str(tmp_path / name), renderer, stamp_of(str(tmp_path / name)))
    assert shelf.find(str(tmp_path / "a")) is None
    (tmp_path / "b").unlink()
    assert shelf.find(str(tmp_path / "b")) is renderer  # gone from the disk, not from memory
    shelf.put(str(tmp_path / "c"), renderer, 5)
    assert shelf.find(str(tmp_path / "c")) is None  # written anew
