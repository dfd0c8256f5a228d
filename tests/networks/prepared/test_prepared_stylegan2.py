"""The prepared synthesis of StyleGAN2 against the plain one: all kinds, all numbers of pictures, states, gradients."""

import pytest
import torch

from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import CONSTANT, NONE
from ganstudio.networks.prepared.stylegan2 import PreparedSynthesis
from ganstudio.networks.resampling import make_filter
from ganstudio.networks.staged import draw, walk
from ganstudio.networks.style_layers import ACTIVATIONS

TINY = {
    "resolution": 32,
    "z_dim": 6,
    "w_dim": 7,
    "widths": (5, 9, 4, 3),
    "mapping_widths": (7,),
    "label_width": 4,
}


def build(**values):
    """A generator whose biases and strengths are not what they begin with."""
    architecture = NETWORKS["stylegan2"]
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(architecture.make_config({**TINY, **values}), random).eval()
    with torch.no_grad():
        for name, tensor in generator.state_dict().items():
            if name.endswith(("bias", "noise_strength", "average")):
                tensor.add_(torch.randn(tensor.shape, generator=random) * 0.4)
    return generator


def draw_w(generator, pictures, seed=2):
    shape = (pictures, generator.spec.num_ws, generator.spec.w_dim)
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def relative_error(found, expected):
    assert found.shape == expected.shape
    return float((found - expected).abs().max() / expected.abs().max())


@torch.no_grad()
def assert_equals_the_plain_form(generator):
    prepared = PreparedSynthesis(generator.synthesis)
    for pictures in (1, 2, 9):
        w_plus = draw_w(generator, pictures)
        for noise in (CONSTANT, NONE):
            expected = draw(generator.synthesis, w_plus, noise)
            assert relative_error(draw(prepared, w_plus, noise), expected) < 2e-5


@pytest.mark.parametrize("architecture", ["orig", "skip", "resnet"])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"channels": 1, "num_classes": 3, "clamp": 0.5, "scaled_demodulation": True},
        {"has_noise": False, "activation": "linear", "clamp": 2.0},
        {"resolution": 128, "widths": (16, 24, 17, 12, 33, 6)},
        {"resolution": 4, "widths": (7,)},
        {"resolution": 8, "widths": (7, 1)},
    ],
)
def test_draws_what_the_plain_form_draws(architecture, values):
    assert_equals_the_plain_form(build(architecture=architecture, **values))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("clamp", [0.0, 0.7])
def test_every_activation(activation, clamp):
    values = {"architecture": "resnet", "resolution": 16, "widths": (5, 4, 3)}
    assert_equals_the_plain_form(build(activation=activation, clamp=clamp, **values))


@pytest.mark.parametrize("taps", range(2, 17))
def test_every_length_of_filter(taps):
    generator = build(taps=taps)
    random = torch.Generator().manual_seed(taps)
    with torch.no_grad():
        generator.synthesis.filter.copy_(make_filter(torch.rand(taps, generator=random).tolist()))
        assert_equals_the_plain_form(generator)
        generator.synthesis.filter.copy_(torch.rand(taps, taps, generator=random) / taps**2)
        assert_equals_the_plain_form(generator)


@pytest.mark.parametrize("architecture", ["skip", "resnet"])
@pytest.mark.parametrize("pictures", [1, 3])
@torch.inference_mode()
def test_going_on_from_any_state_gives_the_same_bits(architecture, pictures):
    generator = build(architecture=architecture, resolution=64, widths=(5, 9, 4, 3, 6))
    prepared, w_plus = PreparedSynthesis(generator.synthesis), draw_w(generator, pictures)
    states = list(walk(prepared, w_plus))
    kept = [(state.features.clone(), None if state.image is None else state.image.clone()) for state in states]
    for layer in reversed(range(len(states))):
        other = w_plus.clone()
        other[:, prepared.ws_of(layer + 1) :] += 1
        expected = draw(PreparedSynthesis(generator.synthesis), other)
        *_, last = [states[layer], *walk(prepared, other, state=states[layer])]
        assert torch.equal(prepared.finish(last), expected)
    for state, (features, image) in zip(states, kept, strict=True):
        assert torch.equal(state.features, features)
        assert image is None or torch.equal(state.image, image)


@torch.inference_mode()
def test_a_picture_hardly_depends_on_how_many_are_drawn():
    generator = build(widths=(16, 16, 16, 16))
    prepared, w_plus = PreparedSynthesis(generator.synthesis), draw_w(generator, 6)
    together = draw(prepared, w_plus)
    for index in range(6):
        assert relative_error(draw(prepared, w_plus[index : index + 1])[0], together[index]) < 2e-5


def test_records_no_gradients_and_works_in_either_mode():
    generator = build()
    prepared = PreparedSynthesis(generator.synthesis)
    w_plus = draw_w(generator, 1).requires_grad_()
    with torch.inference_mode():  # memory that is taken here must serve outside, too
        inside = draw(prepared, w_plus)
    states = list(walk(prepared, w_plus))
    assert not any(state.features.requires_grad for state in states)
    assert torch.equal(prepared.finish(states[-1]), inside)


@torch.inference_mode()
def test_after_letting_go_of_memory_it_draws_the_same():
    generator = build()
    prepared, w_plus = PreparedSynthesis(generator.synthesis), draw_w(generator, 2)
    expected = draw(prepared, w_plus)
    state = next(walk(prepared, w_plus))
    prepared.release()
    *_, last = walk(prepared, w_plus, state=state)
    assert torch.equal(prepared.finish(last), expected)
    assert torch.equal(draw(prepared, w_plus), expected)


@torch.no_grad()
def test_asked_anew_it_has_the_new_weights():
    generator = build(widths=(32, 9, 4, 3))
    w_plus = draw_w(generator, 1)
    before = draw(generator.stages(), w_plus)
    for parameter in generator.synthesis.parameters():
        parameter.mul_(1.1)
    after = draw(generator.stages(), w_plus)
    assert relative_error(after, draw(generator.synthesis, w_plus)) < 2e-5
    assert relative_error(after, before) > 0.01


def test_in_double_precision_and_where_it_is_narrow_it_is_the_plain_form():
    generator = build(widths=(32, 9, 4, 3))
    assert isinstance(generator.stages(), PreparedSynthesis)
    assert generator.double().stages() is generator.synthesis
    narrow = build()
    assert narrow.stages() is narrow.synthesis
