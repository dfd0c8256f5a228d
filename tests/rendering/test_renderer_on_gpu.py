"""The path to the GPU: half precision, reading back, moving to and fro, giving way, stages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.images import from_uint8, to_uint8
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.half_precision import HalfPrecisionSynthesis
from ganstudio.networks.noise import Noise
from ganstudio.networks.staged import draw
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

pytestmark = pytest.mark.gpu

WIDTHS = (64, 64, 64, 48, 32)


def build(**values: object) -> tuple[MappedGenerator, object]:
    """A StyleGAN2 of 64 px whose noise and biases count."""
    shape = {"resolution": 64, "z_dim": 32, "w_dim": 32, "widths": WIDTHS, "mapping_widths": (32, 32)}
    config = NETWORKS["stylegan2"].make_config({**shape, **values})
    random = torch.Generator().manual_seed(1)
    generator = NETWORKS["stylegan2"].build_generator(config, random).eval().requires_grad_(False)
    for name, tensor in generator.state_dict().items():
        if name.endswith(("bias", "noise_strength")):
            tensor.add_(torch.randn(tensor.shape, generator=random) * 0.2)
    return generator, config


@pytest.fixture(params=[0.0, 256.0], ids=["single", "half"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file of a StyleGAN2 that a GPU draws in single precision, or partly in half precision."""
    generator, config = build(clamp=request.param)
    path = tmp_path / "model.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    return path


@pytest.fixture
def little_memory() -> Iterator[int]:
    """A GPU of which only 192 MiB beyond what is taken may be used, 32 of them by its library of matrix products."""
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(0).total_memory
    allowed = torch.cuda.memory_reserved() + (192 << 20)
    torch.cuda.set_per_process_memory_fraction(allowed / total)
    yield allowed
    torch.cuda.set_per_process_memory_fraction(1.0)


def pictures(renderer: Renderer, seeds: range, **values: object) -> np.ndarray:
    looks = tuple(replace(Look(seed=seed), **values) for seed in seeds)
    return renderer.render(RenderRequest("x", looks)).pixels.astype(int)


@torch.inference_mode()
@pytest.mark.parametrize("count", [1, 4])
def test_half_precision_agrees_with_single(count):
    generator, _ = build(clamp=256.0)
    w_plus = generator.map(torch.randn(count, 32, generator=torch.Generator().manual_seed(2)))
    expected = generator.synthesise(w_plus)
    generator.to("cuda")
    stages = generator.stages()
    assert isinstance(stages, HalfPrecisionSynthesis)
    found = draw(stages, w_plus.cuda())
    assert found.dtype == torch.float32
    assert (found.cpu() - expected).abs().max() < 1e-2 * expected.abs().max()
    assert (found.cpu() - expected).abs().mean() < 1e-3 * expected.abs().max()


@torch.inference_mode()
def test_without_a_clamp_all_stays_in_single_precision():
    generator, _ = build()
    w_plus = generator.map(torch.randn(2, 32, generator=torch.Generator().manual_seed(2)))
    expected = generator.synthesise(w_plus)
    generator.to("cuda")
    stages = generator.stages()
    assert not isinstance(stages, HalfPrecisionSynthesis)
    found = draw(stages, w_plus.cuda()).cpu()
    assert (found - expected).abs().max() < 1e-2 * expected.abs().max()  # convolutions may round to TF32


@pytest.mark.parametrize("channels", [1, 3])
def test_reading_back_gives_the_pixels_that_the_processor_makes(channels):
    images = torch.randn(5, channels, 40, 24, generator=torch.Generator().manual_seed(0))
    expected, found = to_uint8(images), to_uint8(images.cuda())
    assert np.array_equal(found, expected)
    kept = found.copy()
    other = to_uint8(-images.cuda())
    assert np.array_equal(found, kept)  # the memory that a picture was read into is its own
    assert np.array_equal(other, to_uint8(-images))
    there = from_uint8(found, torch.device("cuda")).cpu()
    assert torch.allclose(there, from_uint8(found), rtol=0, atol=2e-7)  # it divides by way of the inverse


def test_a_model_moves_to_the_gpu_and_back(model):
    renderer = Renderer(model, "cpu")
    before = pictures(renderer, range(5))
    renderer.move_to("cuda")
    assert next(renderer.generator.parameters()).is_cuda
    there = pictures(renderer, range(5))
    difference = np.abs(there - before)
    assert difference.max() <= 6
    assert difference.mean() < 0.5
    renderer.move_to("cpu")
    assert np.array_equal(pictures(renderer, range(5)), before)


def test_noise_of_a_seed_is_the_same_on_every_device(model):
    found = [
        pictures(Renderer(model, device), range(2), noise=Noise(seed=7, strength=2.0)) for device in ("cpu", "cuda")
    ]
    assert np.abs(found[0] - found[1]).max() <= 6
    assert np.abs(found[0] - pictures(Renderer(model, "cpu"), range(2))).max() > 6


def test_one_by_one_and_in_batches_are_the_same_pictures(model):
    renderer = Renderer(model, "cuda")
    together = pictures(renderer, range(12))
    for seed in range(0, 12, 5):
        alone = pictures(renderer, range(seed, seed + 1))[0]
        assert np.abs(alone - together[seed]).max() <= 6
    again = pictures(renderer, range(1))[0]
    renderer.release()
    assert np.array_equal(pictures(renderer, range(1))[0], again)


def test_what_was_kept_half_way_gives_the_same_picture(model):
    renderer, fresh = Renderer(model, "cuda"), Renderer(model, "cuda")
    pictures(renderer, range(1))
    for truncation in (0.9, 0.4, 0.9):
        found = pictures(renderer, range(1), truncation=truncation)
        again = pictures(fresh, range(1), truncation=truncation)
        assert np.abs(found - again).max() <= 1  # parts of the way may be computed by another kernel


def test_batches_shrink_where_memory_does_not_last(tmp_path, little_memory):
    generator, config = build(resolution=256, widths=(64, 64, 64, 48, 32, 32, 32))
    path = tmp_path / "large.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    expected = pictures(Renderer(path, "cpu"), range(16))
    renderer = Renderer(path, "cuda")
    renderer._batches._first = 16
    looks = tuple(Look(seed=seed) for seed in range(16))
    parts = [part for part in renderer.draw(RenderRequest("x", looks)) if part is not None]
    assert renderer.device.type == "cuda"
    assert "at once, no more" in parts[-1].note
    assert max(len(part.places) for part in parts) < 16
    for part in parts:
        assert np.abs(part.pixels.astype(int) - expected[list(part.places)]).max() <= 6


def test_the_processor_draws_where_memory_does_not_last_for_one(tmp_path, little_memory):
    generator, config = build(resolution=512, widths=(64, 64, 64, 48, 32, 32, 32, 32))
    path = tmp_path / "large.safetensors"
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    expected = pictures(Renderer(path, "cpu"), range(1))
    renderer = Renderer(path, "cuda")
    torch.cuda.empty_cache()
    room = torch.empty(max(1, little_memory - torch.cuda.memory_reserved() - (40 << 20)), dtype=torch.uint8, device=0)
    rendered = renderer.render(RenderRequest("x", (Look(seed=0),)))
    assert renderer.device.type == "cpu"
    assert "the processor draws instead" in rendered.note
    assert np.array_equal(rendered.pixels.astype(int), expected)
    del room
