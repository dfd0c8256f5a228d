"""The renderer: a look gives exactly the latents and pixels that its parts say."""

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.images import to_uint8
from ganstudio.latent.interpolation import slerp
from ganstudio.latent.spaces import sample_z
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import Look, LookError, RenderRequest
from tests.networks.test_stylegan2 import build


@pytest.fixture
def renderer(tiny_checkpoint):
    return Renderer(tiny_checkpoint, "cpu")


def test_a_look_is_blended_then_truncated_then_moved(renderer):
    look = Look(seed=3, truncation=0.5, strengths=(("smile", 2.0),), blend_seed=9, blend=0.25)
    expected = 0.5 * slerp(sample_z([3], 8), sample_z([9], 8), 0.25)
    expected[0, 0] += 2.0
    assert torch.allclose(renderer.latents.z_of(look), expected)


def test_pixels_are_the_networks_own(renderer, tiny_checkpoint):
    looks = tuple(Look(seed=seed, label=seed % 3) for seed in range(20))
    rendered = renderer.render(RenderRequest(str(tiny_checkpoint), looks))
    assert rendered.pixels.shape == (20, 28, 28, 1)
    images = renderer.generator(sample_z(range(20), 8), torch.arange(20) % 3)
    assert np.abs(rendered.pixels.astype(int) - to_uint8(images).astype(int)).max() <= 1


def test_without_a_class_the_seed_chooses_one(renderer):
    assert [renderer.latents.label_of(Look(seed=seed)) for seed in (0, 4, 5)] == [0, 1, 2]
    assert renderer.latents.label_of(Look(seed=5, label=0)) == 0


def test_what_the_checkpoint_lacks_is_refused(renderer):
    request = RenderRequest("x", (Look(strengths=(("beard", 1.0),)),))
    with pytest.raises(LookError, match="no such direction"):
        renderer.render(request)
    with pytest.raises(LookError, match="3 classes"):
        renderer.render(RenderRequest("x", (Look(label=3),)))


def test_no_looks_give_no_pictures(renderer):
    assert renderer.render(RenderRequest("x", ())).pixels.shape == (0, 28, 28, 1)


def test_a_missing_checkpoint_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="not there"):
        Renderer(tmp_path / "gone.safetensors")


def test_a_mapped_generator_truncates_each_picture_in_w(tmp_path):
    generator, config = build(num_classes=3)
    save_generator(tmp_path / "mapped.safetensors", generator, GeneratorFile("stylegan2", config))
    renderer = Renderer(tmp_path / "mapped.safetensors", "cpu")
    looks = (Look(seed=1, truncation=0.5, label=2), Look(seed=2), Look(seed=3, truncation=0.0, label=0))
    pixels = renderer.render(RenderRequest("x", looks)).pixels
    for look, found in zip(looks, pixels, strict=True):
        label = torch.tensor([renderer.latents.label_of(look)])
        w_plus = generator.map(sample_z([look.seed], 6), label, truncation=look.truncation)
        expected = to_uint8(generator.synthesise(w_plus))[0]
        assert np.abs(found.astype(int) - expected.astype(int)).max() <= 1
