"""A picture file and its model are enough to draw the same bytes again: a StyleGAN2 and all that a look can hold."""

from pathlib import Path

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.images import read_recipe as read_values
from ganstudio.networks.noise import Noise
from ganstudio.project import direction_edits, edits
from ganstudio.project.file import read_content, write_project
from ganstudio.project.picture_files import MadePicture, PictureWritten, write_identified
from ganstudio.project.recipe import Recipe, Sheet, read_recipe
from ganstudio.project.state import Project
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.rendering.looks.point import latent_point
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from tests.networks.test_stylegan2 import build

CHANCE = np.random.default_rng(3)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    generator, config = build()
    path = tmp_path / "style.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    return path


def own(path: Path, space: str) -> OwnDirection:
    spec = Renderer(path, "cpu").description.spec
    shape = {"w": (spec.w_dim,), "w_plus": (spec.num_ws, spec.w_dim)}[space]
    return own_direction(DirectionInfo("mine", "Mine", -3.0, 3.0, None, "picks", space), CHANCE.normal(size=shape))


def looks_of(path: Path, directions: tuple[OwnDirection, ...]) -> tuple[Look, ...]:
    spec = Renderer(path, "cpu").description.spec
    point = latent_point("w_plus", CHANCE.normal(size=(spec.num_ws, spec.w_dim)))
    steps = tuple(Edit(one.name, 0.37 * (place + 1), (place, spec.num_ws)) for place, one in enumerate(directions))
    return (
        Look(seed=5, truncation=0.7, truncation_cutoff=2, edits=steps),
        Look(seed=6, point=point, edits=(*steps, Edit("w:1", -1.1, (1, 3)))),
        Look(seed=7, mix=Mix(Look(seed=8, point=point), (0.0, 0.3, 1.0)), noise=Noise(True, 11, 0.5, ((1, 0.25),))),
        Look(seed=9, drift=(0.25, -0.5), blend_seed=3, blend=0.4, noise=Noise(False)),
        Look(seed=10, between=Between(((Look(1), 0.25), (Look(2, point=point), 0.75)), "w")),
    )


def draw(path: Path, looks: tuple[Look, ...], directions: tuple[OwnDirection, ...]) -> np.ndarray:
    renderer = Renderer(path, "cpu")
    return np.stack(
        [renderer.render(RenderRequest(str(path), (look,), directions=directions)).pixels[0] for look in looks]
    )


@pytest.mark.parametrize("suffix", ["png", "webp", "jpg"])
def test_every_kind_of_look_is_drawn_again_to_the_byte(model: Path, tmp_path: Path, suffix: str) -> None:
    directions = (own(model, "w"), own(model, "w_plus"))
    looks = looks_of(model, directions)
    before = draw(model, looks, directions)
    for number, look in enumerate(looks):
        used = tuple(one for one in directions if one.name in look.directions)
        path = tmp_path / f"{number}.{suffix}"
        events = list(write_identified(path, MadePicture(Recipe(look, str(model), None, used), before[number])))
        assert isinstance(events[-1], PictureWritten)
        values = read_values(path)
        assert values is not None
        recipe = read_recipe(values)
        assert recipe.look == look
        assert recipe.model is not None
        assert np.array_equal(draw(model, (recipe.look,), recipe.directions)[0], before[number])


def test_a_sheet_of_all_of_them_and_a_project_do_likewise(model: Path, tmp_path: Path) -> None:
    directions = (own(model, "w"), own(model, "w_plus"))
    looks = looks_of(model, directions)
    before = draw(model, looks, directions)
    recipe = Recipe(looks[0], str(model), None, directions, Sheet(looks, 3))
    list(write_identified(tmp_path / "sheet.jpg", MadePicture(recipe, before[0])))
    values = read_values(tmp_path / "sheet.jpg")
    assert values is not None
    back = read_recipe(values)
    assert np.array_equal(draw(model, back.looks, back.directions), before)
    project = direction_edits.add_directions(Project(checkpoint=str(model)), directions)
    for look in looks:
        project = edits.set_look(project, look)
    write_project(tmp_path / "work.ganstudio", project)
    opened = read_content(tmp_path / "work.ganstudio").project
    assert opened == project
    again = tuple(entry.look for entry in opened.history[1:])
    assert np.array_equal(draw(model, again, opened.directions), before)
