"""Extreme values: pictures of numbers only, in every family, and a note where something had to be limited."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.networks.layer_steps import NO_STEPS
from ganstudio.networks.noise import Noise
from ganstudio.rendering.look_latents import Latents
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.looks.point import latent_point
from ganstudio.rendering.overflow import are_finite, between, draw_limited, is_ordinary
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from tests.checkpoints.mixing.conftest import save
from tests.networks.every_family import CONDITIONAL, UNCONDITIONAL, build

FAMILIES = [*CONDITIONAL, *UNCONDITIONAL]


def directions_of(spec, size, count=10):
    """Directions of all spaces that a model has."""
    random, spaces = np.random.default_rng(0), ["z"]
    spaces += ["w", "w_plus"] if spec.num_ws else []
    spaces += ["style"] if spec.num_styles else []
    spaces += [f"features:{number}" for number in range(len(spec.feature_widths))]
    made = []
    for number in range(count):
        info = DirectionInfo(f"d{number}", "D", -20, 20, space=spaces[number % len(spaces)])
        made.append(own_direction(info, random.normal(size=info.shape(spec)).clip(-1, 1).astype(np.float32) * size))
    return tuple(made)


def spy(monkeypatch, renderer):
    """All pictures that go on to become pixels."""
    seen, to_pixels = [], renderer._to_pixels

    def watch(request, places, pictures):
        seen.append(pictures)
        return to_pixels(request, places, pictures)

    monkeypatch.setattr(renderer, "_to_pixels", watch)
    return seen


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("size", [1.0, 1e4], ids=["usual", "huge"])
def test_ten_directions_at_their_ends_make_numbers(tmp_path, monkeypatch, name, size):
    renderer = Renderer(save(tmp_path / "model.safetensors", name), "cpu")
    own = directions_of(renderer.description.spec, size)
    noise = Noise(seed=3, strength=5.0, layers=((0, 5.0),))
    looks = [
        Look(seed, sign * 2.0, edits=tuple(Edit(one.name, sign * 20.0) for one in own), noise=noise)
        for seed, sign in ((1, 1), (2, -1), (3, 1))
    ]
    seen = spy(monkeypatch, renderer)
    for some in (looks[:1], looks):
        rendered = renderer.render(RenderRequest("x", tuple(some), directions=own))
        assert rendered.is_whole
        assert not rendered.note or "overflows" in rendered.note
    assert seen
    assert all(pictures.isfinite().all() for pictures in seen)


def overflowing(renderer):
    """A direction that is far too long for this network."""
    spec = renderer.description.spec
    info = DirectionInfo("far", "Far", -20, 20)
    return own_direction(info, np.full(spec.z_dim, 1e4, np.float32))


@pytest.fixture
def renderer(tmp_path):
    return Renderer(save(tmp_path / "model.safetensors", "biggan deep"), "cpu")


def test_a_picture_that_overflows_is_shown_with_less_and_says_so(renderer):
    own = overflowing(renderer)
    looks = [Look(1, edits=(Edit(own.name, strength),)) for strength in (0.0, 20.0)]
    plain, limited = (renderer.render(RenderRequest("x", (look,), directions=(own,))) for look in looks)
    assert plain.note == ""
    assert "the network overflows at these values" in limited.note
    assert "% of what was asked for is shown" in limited.note
    again = renderer.render(RenderRequest("x", (looks[1],), directions=(own,)))
    assert again.note == limited.note
    assert np.array_equal(again.pixels, limited.pixels)
    share = float(limited.note.split(": ")[1].split("%")[0]) / 100
    latents = renderer.latents.of((replace(looks[1], edits=(Edit(own.name, 20.0 * share),)),))
    assert are_finite(renderer._synthesise(latents)).all()
    latents = renderer.latents.of((replace(looks[1], edits=(Edit(own.name, min(20.0, 40.0 * share)),)),))
    assert not are_finite(renderer._synthesise(latents)).all()


def test_in_a_grid_only_those_that_overflow_are_limited(renderer):
    own = overflowing(renderer)
    strengths = (0.0, 20.0, 0.0, -20.0, 0.001)
    looks = tuple(Look(seed, edits=(Edit(own.name, strength),)) for seed, strength in enumerate(strengths))
    parts = [part for part in renderer.draw(RenderRequest("x", looks, directions=(own,))) if part is not None]
    together = {place: pixels for part in parts for place, pixels in zip(part.places, part.pixels, strict=True)}
    assert any("overflows" in part.note for part in parts)
    for place, look in enumerate(looks):
        alone = renderer.render(RenderRequest("x", (look,), directions=(own,))).pixels[0]
        assert np.abs(together[place].astype(int) - alone).max() <= 1


def test_a_latent_of_its_own_that_overflows_gives_way_to_its_seed(tmp_path):
    renderer = Renderer(save(tmp_path / "model.safetensors", "biggan deep"), "cpu")
    with torch.no_grad():
        for layer in renderer.generator.layers:
            layer.norm1.gain.weight.mul_(1e8)
    point = latent_point("z", np.full(renderer.description.spec.z_dim, 9999, np.float32))
    rendered = renderer.render(RenderRequest("x", (Look(1, point=point),)))
    assert "overflows" in rendered.note or "no numbers" in rendered.note


def test_a_broken_network_shows_grey_and_says_so(renderer):
    renderer.generator.to_image.bias.fill_(float("nan"))
    rendered = renderer.render(RenderRequest("x", (Look(1),)))
    assert "no numbers" in rendered.note
    assert (rendered.pixels == 128).all()


def test_what_is_between_goes_from_plain_to_wanted():
    plain = Latents(torch.zeros(1, 2), None, torch.ones(1), torch.zeros(1, 3, 2))
    wanted = Latents(torch.ones(1, 2), None, torch.zeros(1), torch.ones(1, 3, 2))
    half = between(plain, wanted, 0.5)
    assert (half.z == 0.5).all()
    assert (half.w_plus == 0.5).all()
    assert float(half.truncation) == 0.5
    assert between(plain, wanted, 0.0).steps.agrees(NO_STEPS)
    shares = []

    def synthesise(latents):
        shares.append(float(latents.z[0, 0]))
        return torch.full((1, 1, 2, 2), float("inf") if shares[-1] > 0.1 else 0.0)

    picture, note = draw_limited(synthesise, plain, wanted, build("mlp").spec)
    assert all(share == 2 * after for share, after in pairwise(shares))
    assert picture.isfinite().all()
    assert "6.2% of what" in note


def test_finite_pictures_are_told_from_others_also_where_sums_overflow():
    pictures = torch.zeros(4, 1, 4, 4)
    pictures[0] = 3e38
    pictures[1, 0, 0, 0] = float("nan")
    pictures[2, 0, 0, 0], pictures[2, 0, 0, 1] = float("inf"), float("-inf")
    assert are_finite(pictures).tolist() == [True, False, False, True]
    spec = build("mlp").spec
    assert is_ordinary(pictures[3:], spec)
    assert not any(is_ordinary(picture, spec) for picture in pictures[:3])


def test_pictures_that_overflow_leave_the_colours_of_coarse_ones_alone(renderer):
    renderer._walked._frame_ms = 1e-6  # no machine is that quick
    own = overflowing(renderer)

    def coarse(look):
        parts = list(renderer.draw(RenderRequest("x", (look,), directions=(own,))))
        return [part.pixels for part in parts if part is not None and part.is_coarse]

    for seed in range(3):
        coarse(Look(seed))
    learned = renderer._walked.learned
    assert learned
    for seed in range(3):
        coarse(Look(seed, edits=(Edit(own.name, 20.0),)))
    assert renderer._walked.learned == learned
    pixels = coarse(Look(9))
    assert pixels
    assert all(part.std() > 0 for part in pixels)
