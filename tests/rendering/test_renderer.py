"""The renderer: a look gives exactly the latents and pixels that its parts say."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.devices import DeviceError
from ganstudio.images import to_uint8
from ganstudio.latent.interpolation import slerp
from ganstudio.latent.spaces import sample_z
from ganstudio.networks.noise import Noise
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import OutOfMemoryError, Renderer
from ganstudio.rendering.request import RenderRequest
from ganstudio.rendering.staged_drawing import StagedDrawing
from tests.networks.test_stylegan2 import build


@pytest.fixture
def renderer(tiny_checkpoint):
    return Renderer(tiny_checkpoint, "cpu")


def test_a_look_is_blended_then_truncated_then_moved(renderer):
    look = Look(seed=3, truncation=0.5, edits=(Edit("smile", 2.0),), blend_seed=9, blend=0.25)
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
    request = RenderRequest("x", (Look(edits=(Edit("beard", 1.0),)),))
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


def slow(path):
    """A renderer of a StyleGAN2 for which any picture is slow, so that it shows coarse ones."""
    generator, config = build()
    save_generator(path, generator, GeneratorFile("stylegan2", config))
    renderer = Renderer(path, "cpu")
    renderer._staged = StagedDrawing(generator.stages(), generator.spec, frame_ms=1e-6)
    return renderer


def test_coarse_pictures_come_before_the_full_one_which_is_the_same_as_without_them(tmp_path):
    renderer = slow(tmp_path / "slow.safetensors")
    expected = Renderer(tmp_path / "slow.safetensors", "cpu").render(RenderRequest("x", (Look(5),))).pixels
    renderer.render(RenderRequest("x", (Look(1),)))
    assert not renderer.is_calibrated
    assert set(renderer.calibrate()) == {None}
    assert renderer.is_calibrated
    assert list(renderer.calibrate()) == []
    renderer.release()
    parts = [part for part in renderer.draw(RenderRequest("x", (Look(5),))) if part is not None]
    assert [part.is_coarse for part in parts] == [True] * (len(parts) - 1) + [False]
    assert len(parts) > 1
    assert all(part.full_px == 16 and part.places == (0,) for part in parts)
    assert np.array_equal(parts[-1].pixels, expected)


def test_a_smaller_size_is_averaged_and_never_coarse(tmp_path):
    renderer = slow(tmp_path / "slow.safetensors")
    full = renderer.render(RenderRequest("x", (Look(2),))).pixels
    for _ in range(3):
        renderer.release()
        parts = [part for part in renderer.draw(RenderRequest("x", (Look(2),), size_px=8)) if part is not None]
        assert [part.pixels.shape for part in parts] == [(1, 8, 8, 3)]
        assert not parts[0].is_coarse
    assert renderer.render(RenderRequest("x", (Look(2),), size_px=64)).pixels.shape == full.shape


def test_where_a_rough_picture_will_do_the_first_that_is_large_enough_is_the_last(tmp_path):
    renderer = slow(tmp_path / "slow.safetensors")
    request = RenderRequest("x", tuple(Look(seed) for seed in range(5)), size_px=12, is_rough=True)
    full = renderer.render(request).pixels  # no colours are known yet
    assert full.shape == (5, 12, 12, 3)
    renderer.render(RenderRequest("x", (Look(7),)))
    assert set(renderer.calibrate()) == {None}
    renderer.release()
    parts = [part for part in renderer.draw(request) if part is not None]
    assert [part.places for part in parts] == [(place,) for place in range(5)]
    assert {part.pixels.shape[1] for part in parts} == {6}  # half of what was asked for
    assert not any(part.is_coarse for part in parts)
    small = renderer.render(RenderRequest("x", request.looks, size_px=6)).pixels
    rough = np.concatenate([part.pixels for part in parts])
    assert np.abs(rough.astype(float) - small.astype(float)).mean() < 40  # random weights, colours of three pictures


def test_a_quick_network_draws_rough_pictures_in_full(tmp_path):
    generator, config = build()
    save_generator(tmp_path / "quick.safetensors", generator, GeneratorFile("stylegan2", config))
    renderer = Renderer(tmp_path / "quick.safetensors", "cpu")
    looks = (Look(1), Look(2), Look(3))
    rough = renderer.render(RenderRequest("x", looks, size_px=8, is_rough=True)).pixels
    assert np.array_equal(rough, renderer.render(RenderRequest("x", looks, size_px=8)).pixels)


def test_a_picture_that_was_finished_is_there_at_once(tmp_path):
    renderer = slow(tmp_path / "slow.safetensors")
    first = renderer.render(RenderRequest("x", (Look(1),)))
    renderer.render(RenderRequest("x", (Look(2),)))
    steps = list(renderer.draw(RenderRequest("x", (Look(1), Look(2)))))
    assert [step.places for step in steps] == [(0,), (1,)]
    assert np.array_equal(steps[0].pixels, first.pixels)


def test_the_parts_of_a_grid_make_the_whole(renderer):
    looks = tuple(Look(seed=seed, label=seed % 3) for seed in range(25))
    request = RenderRequest("x", looks, columns=5)
    parts = [part for part in renderer.draw(request) if part is not None]
    assert len(parts) > 1
    assert 12 in parts[0].places
    assert sorted(place for part in parts for place in part.places) == list(range(25))
    whole = renderer.render(request)
    assert whole.is_whole
    assert whole.places == tuple(range(25))
    for part in parts:
        for place, pixels in zip(part.places, part.pixels, strict=True):
            assert np.abs(whole.pixels[place].astype(int) - pixels).max() <= 1


def test_less_memory_makes_smaller_batches_and_says_so(renderer, monkeypatch):
    draw = renderer._synthesise
    sizes = []

    def narrow(latents):
        sizes.append(len(latents.z))
        if len(latents.z) > 2:
            raise MemoryError
        return draw(latents)

    monkeypatch.setattr(renderer, "_synthesise", narrow)
    looks = tuple(Look(seed=seed) for seed in range(12))
    rendered = renderer.render(RenderRequest("x", looks))
    assert rendered.is_whole
    assert max(sizes) > 2
    assert sizes[-1] <= 2
    assert "at once" in rendered.note


def test_no_memory_for_a_single_picture_is_told(renderer, monkeypatch):
    def no_room(latents):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes")

    monkeypatch.setattr(renderer, "_synthesise", no_room)
    monkeypatch.setattr(renderer, "_walked", None)
    for looks in ((Look(),), tuple(Look(seed) for seed in range(5))):
        with pytest.raises(OutOfMemoryError, match="28 px"):
            renderer.render(RenderRequest("x", looks))


def test_other_errors_of_torch_are_not_taken_for_memory(renderer, monkeypatch):
    def broken(latents):
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(renderer, "_synthesise", broken)
    monkeypatch.setattr(renderer, "_walked", None)
    with pytest.raises(RuntimeError, match="shapes"):
        renderer.render(RenderRequest("x", (Look(),)))


def test_a_device_that_is_not_there_changes_nothing(renderer):
    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    with pytest.raises(DeviceError):
        renderer.ask_device("cuda")
    assert renderer.render(RenderRequest("x", (Look(),))).is_whole


def test_noise_is_left_out_of_those_pictures_that_want_none(tmp_path):
    generator, config = build()
    for layer in generator.synthesis.layers:
        layer.noise_strength.data.fill_(1.0)
    save_generator(tmp_path / "noisy.safetensors", generator, GeneratorFile("stylegan2", config))
    renderer = Renderer(tmp_path / "noisy.safetensors", "cpu")
    assert renderer.description.spec.has_noise
    looks = tuple(Look(seed, noise=Noise(is_on=seed % 2 == 0)) for seed in range(6))
    together = renderer.render(RenderRequest("x", looks)).pixels
    for look, pixels in zip(looks, together, strict=True):
        w_plus = generator.map(sample_z([look.seed], 6))
        expected = to_uint8(generator.synthesise(w_plus, look.noise))[0]
        other = to_uint8(generator.synthesise(w_plus, replace(look.noise, is_on=not look.noise.is_on)))[0]
        alone = renderer.render(RenderRequest("x", (look,))).pixels[0]
        for found in (pixels, alone):
            assert np.abs(found.astype(int) - expected).max() <= 1
        assert (expected != other).any()
