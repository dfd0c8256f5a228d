"""The models that come with the program: they open, look as their previews say, and are documented."""

import numpy as np
import pytest
from PIL import Image

from ganstudio.checkpoints.builtin import builtin_models, builtin_path, is_builtin
from ganstudio.checkpoints.catalogue import describe
from ganstudio.datasets.avatars.factors import FACTOR_NAMES
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from ganstudio.resources import resource_path
from ganstudio.training.direction_finding.known_pictures import trained_on

TITLES = {model.title: model for model in builtin_models()}


def test_there_are_two_and_the_first_is_that_of_the_first_start():
    assert list(TITLES) == ["Avatars", "Avatars (StyleGAN2)"]
    assert builtin_models()[0].path == builtin_path()
    assert all(is_builtin(model.path) for model in builtin_models())
    assert not is_builtin(resource_path("style.qss"))


@pytest.mark.parametrize("title", TITLES)
def test_its_preview_is_the_picture_of_seed_0(title):
    model = TITLES[title]
    pixels = Renderer(model.path, "cpu").render(RenderRequest("x", (Look(seed=0),))).pixels[0]
    with Image.open(model.preview) as preview:
        assert np.abs(np.asarray(preview).astype(int) - pixels).max() <= 1


@pytest.mark.parametrize("title", TITLES)
def test_it_carries_named_sliders_that_were_measured(title):
    description = describe(TITLES[title].path)
    named = [direction for direction in description.directions if direction.origin == "factor"]
    assert len(named) >= 13
    assert {direction.name for direction in named} <= set(FACTOR_NAMES)
    assert all(0 < direction.entanglement <= 0.4 for direction in named)
    assert trained_on(description).startswith("avatars")


@pytest.mark.parametrize("title", TITLES)
def test_how_it_was_made_is_written_down(title):
    model = TITLES[title]
    text = resource_path("example/README.md").read_text("utf-8")
    facts = describe(model.path).facts
    assert model.path.name in text
    assert f"{facts['steps']:,} of {facts['batch_size']} pictures" in text


def test_the_second_has_what_the_first_lacks():
    first, second = (describe(model.path).spec for model in builtin_models())
    assert (first.w_dim, first.num_ws) == (0, 0)
    assert (second.w_dim, second.num_ws, second.resolution) == (128, 10, 64)
