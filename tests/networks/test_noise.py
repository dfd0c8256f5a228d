"""Noise as a value: drawn anew by a seed, each layer by itself, stronger or weaker, in every family that adds some."""

import pytest
import torch

from ganstudio.networks.noise import CONSTANT, NONE, LayerNoise, Noise
from ganstudio.networks.noise_maps import noise_map, normal_noise, random_of
from ganstudio.networks.prepared.stylegan2 import PreparedSynthesis
from ganstudio.networks.staged import draw
from tests.networks.every_family import build, latents

FAMILIES = ["stylegan1", "stylegan2", "lucidrains_stylegan2"]
SOME = Noise(seed=7, strength=0.5, layers=((1, 2.0), (3, 0.0)))


def pictures(generator, noise):
    torch.manual_seed(3)  # what is drawn must not hang on it
    w_plus = generator.map(latents(generator))
    return generator.synthesise(w_plus, noise)


@pytest.mark.parametrize("name", FAMILIES)
@torch.inference_mode()
def test_no_strength_is_no_noise_and_the_strengths_of_all_layers_multiply(name):
    generator = build(name)
    count = generator.spec.noise_layers
    assert count > 2
    assert generator.spec.has_noise
    without = pictures(generator, NONE)
    for silent in (Noise(strength=0.0), Noise(seed=4, strength=0.0), Noise(layers=tuple((n, 0) for n in range(count)))):
        assert torch.equal(pictures(generator, silent), without)
    each = tuple((layer, 2.0) for layer in range(count))
    assert torch.equal(pictures(generator, Noise(strength=2.0)), pictures(generator, Noise(layers=each)))
    assert torch.equal(pictures(generator, Noise(strength=0.5, layers=each)), pictures(generator, CONSTANT))
    for layer in range(count):
        assert (pictures(generator, Noise(layers=((layer, 3.0),))) != pictures(generator, CONSTANT)).any()


@pytest.mark.parametrize("name", FAMILIES)
@torch.inference_mode()
def test_a_seed_draws_the_same_noise_each_time_and_another_seed_another(name):
    generator = build(name)
    first, other = (pictures(generator, Noise(seed=seed)) for seed in (1, 2))
    normal_noise.cache_clear()
    assert torch.equal(pictures(generator, Noise(seed=1)), first)
    assert (first != other).any()
    assert (first != pictures(generator, CONSTANT)).any()


@pytest.mark.parametrize("name", ["stylegan1", "stylegan2"])
@torch.inference_mode()
def test_noise_drawn_anew_is_what_the_file_could_have_held(name):
    """The slow way: the drawn maps put into the file's place, with the learned strengths multiplied."""
    generator, other = build(name), build(name)
    expected = pictures(generator, SOME)
    for number, layer in enumerate(other.synthesis.layers):
        layer.noise.copy_(torch.randn(layer.noise.shape, generator=random_of(7, number)))
        layer.noise_strength.mul_({1: 1.0, 3: 0.0}.get(number, 0.5))
    assert torch.allclose(pictures(other, CONSTANT), expected, atol=1e-6)


@pytest.mark.parametrize("noise", [SOME, Noise(strength=3.0), Noise(seed=2)], ids=["some", "strong", "seeded"])
@torch.inference_mode()
def test_the_prepared_form_adds_the_same_noise(noise):
    generator = build("stylegan2")
    w_plus = generator.map(latents(generator))
    prepared = PreparedSynthesis(generator.synthesis)
    for wanted in (noise, CONSTANT, NONE, noise):  # more than it keeps
        expected = draw(generator.synthesis, w_plus, wanted)
        assert (draw(prepared, w_plus, wanted) - expected).abs().max() < 2e-5 * expected.abs().max()


def test_layers_do_not_hang_on_each_other():
    kept = torch.zeros(8, 8)
    normal_noise.cache_clear()
    last = noise_map(Noise(seed=3), 5, kept)
    normal_noise.cache_clear()
    maps = [noise_map(Noise(seed=3), layer, kept) for layer in range(6)]
    assert torch.equal(maps[5], last)
    everything = torch.stack(maps).flatten(1)
    assert torch.corrcoef(everything).fill_diagonal_(0).abs().max() < 0.5
    large = normal_noise(3, 0, (256, 256), torch.device("cpu"))
    assert abs(float(large.mean())) < 0.02
    assert abs(float(large.std()) - 1) < 0.02


def test_what_a_state_depends_on_is_the_noise_of_its_layers():
    one, other = Noise(seed=3), Noise(seed=3, layers=((4, 2.0),))
    assert one.first(4) == other.first(4)
    assert one.first(5) != other.first(5)
    assert Noise(strength=0.0, seed=9).first(3) == NONE.first(3) == (None, None, None)
    assert other.of(4) == LayerNoise(3, 2.0)


def test_noise_of_a_file_comes_untouched():
    kept = torch.randn(4, 4)
    assert noise_map(CONSTANT, 0, kept) is kept
    assert noise_map(NONE, 0, kept) is None
