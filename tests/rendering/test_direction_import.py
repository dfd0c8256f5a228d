"""Directions and latents of other programs become sliders that do what they say."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.images import to_uint8
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.direction_import import DirectionsImported, import_directions
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    """A StyleGAN2 of 16 px with random weights."""
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=16, w_dim=16, widths=(8, 8, 8), mapping_widths=(16, 16))
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
    path = tmp_path / "mapped.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    return path


def save(path: Path, values: np.ndarray) -> Path:
    with path.open("wb") as file:
        np.save(file, values.astype(np.float32))
    return path


def imported(source: Path, latents: Path, target: Path) -> DirectionsImported:
    *_, last = import_directions(source, read_latents(latents), target)
    assert isinstance(last, DirectionsImported)
    return last


def draw(path: Path, look: Look) -> np.ndarray:
    return Renderer(path, "cpu").render(RenderRequest(str(path), (look,))).pixels[0]


def test_a_latent_of_w_plus_is_what_its_slider_shows_at_truncation_0(mapped: Path, tmp_path: Path) -> None:
    generator = Renderer(mapped, "cpu").generator
    assert isinstance(generator, MappedGenerator)
    w_plus = generator.map(torch.randn(1, 16, generator=torch.Generator().manual_seed(5)))
    w_plus = w_plus + 0.1 * torch.randn(w_plus.shape, generator=torch.Generator().manual_seed(6))
    latents = tmp_path / "projected.npz"
    np.savez(latents, w=w_plus.detach().numpy())
    done = imported(mapped, latents, tmp_path / "out" / "copy.safetensors")
    assert done.are_points
    [direction] = read(done.path).description.directions
    assert direction.space == "w_plus"
    with torch.inference_mode():
        expected = to_uint8(generator.synthesise(w_plus))[0]
    shown = draw(done.path, Look(truncation=0.0, edits=(Edit(direction.name, 1.0),)))
    assert np.abs(shown.astype(int) - expected.astype(int)).max() <= 1
    assert not np.array_equal(shown, draw(done.path, Look(truncation=0.0)))


def test_a_direction_of_w_moves_the_picture_and_keeps_those_that_were_there(mapped: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    for name in ("first", "second"):
        step = random.normal(size=(1, 16))
        save(tmp_path / f"{name}.npy", step / np.linalg.norm(step))
    one = imported(mapped, tmp_path / "first.npy", tmp_path / "one.safetensors").path
    two = imported(one, tmp_path / "second.npy", tmp_path / "two.safetensors").path
    directions = read(two).description.directions
    assert [(direction.title, direction.space) for direction in directions] == [("first", "w"), ("second", "w")]
    for direction in directions:
        assert not np.array_equal(draw(two, Look(edits=(Edit(direction.name, 3.0),))), draw(two, Look()))


def test_what_does_not_fit_is_refused_in_words(tiny_checkpoint: Path, mapped: Path, tmp_path: Path) -> None:
    save(tmp_path / "long.npy", np.ones((1, 512)) / 512**0.5)
    save(tmp_path / "points.npy", 5 * np.random.default_rng(0).normal(size=(2, 8, 512)))
    for source in (tiny_checkpoint, mapped):
        for name in ("long.npy", "points.npy"):
            with pytest.raises(CheckpointError) as caught:
                imported(source, tmp_path / name, tmp_path / "copy.safetensors")
            assert len(caught.value.message) <= 400
    assert not (tmp_path / "copy.safetensors").exists()
