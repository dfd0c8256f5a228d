"""What a look makes of a w_plus: truncation, mixing and edits, each beside a plain sum written out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.latent.clusters import find_centres, nearest_of
from ganstudio.latent.spaces import sample_z
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.look_latents import LookLatents
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.looks.point import latent_point

NUM_WS = 6
W_STEP = np.linspace(-1, 1, 8).astype(np.float32)
Z_STEP = np.eye(8, dtype=np.float32)[3]


@pytest.fixture(scope="module")
def generator():
    architecture = NETWORKS["stylegan2"]
    config = architecture.make_config(
        {
            "resolution": 16,
            "widths": (6, 5, 4),
            "z_dim": 8,
            "w_dim": 8,
            "mapping_widths": (8, 8),
            "num_classes": 2,
            "label_width": 8,
            "mapping_rate": 1.0,
        }
    )
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(config, random).eval().requires_grad_(False)
    for name, tensor in generator.state_dict().items():
        if "filter" not in name:
            tensor.copy_(torch.randn(tensor.shape, generator=random) * 0.4)
    assert generator.spec.num_ws == NUM_WS
    return generator


@pytest.fixture
def latents(generator):
    infos = (
        DirectionInfo("age", "Age", -3, 3, space="w"),
        DirectionInfo("smile", "Smile", -3, 3),
        DirectionInfo("fine", "Fine", -3, 3, space="w", layers=(4, 6)),
    )
    return LookLatents(generator, {"age": W_STEP, "smile": Z_STEP, "fine": W_STEP}, infos)


def mapped(generator, look, change=0.0):
    label = torch.tensor([look.label or 0])
    return generator.map(sample_z([look.seed], 8) + change, label).clone()


def test_an_edit_moves_its_layers_only(generator, latents):
    look = Look(3, label=0, edits=(Edit("age", 2.0, (1, 3)), Edit("age", -1.0), Edit("fine", 0.5)))
    expected = mapped(generator, look)
    expected[:, 1:3] += 2.0 * torch.from_numpy(W_STEP)
    expected += -1.0 * torch.from_numpy(W_STEP)
    expected[:, 4:6] += 0.5 * torch.from_numpy(W_STEP)
    assert torch.allclose(latents.of([look]).w_plus, expected, atol=1e-6)


def test_a_direction_of_z_moves_some_layers_by_what_it_makes_of_their_w(generator, latents):
    look = Look(3, label=0, edits=(Edit("smile", 2.0, (2, 4)),))
    expected = mapped(generator, look)
    expected[:, 2:4] = mapped(generator, look, 2.0 * torch.from_numpy(Z_STEP))[:, 2:4]
    assert torch.allclose(latents.of([look]).w_plus, expected, atol=1e-6)


def test_muted_edits_and_those_beside_solo_ones_do_nothing(latents):
    one, other = Edit("age", 2.0), Edit("fine", 1.0)
    plain = latents.of([Look(3, label=0, edits=(one,))]).w_plus
    muted = Edit("fine", 1.0, is_muted=True)
    assert torch.equal(latents.of([Look(3, label=0, edits=(one, muted))]).w_plus, plain)
    solo = Edit("age", 2.0, is_solo=True)
    assert torch.equal(latents.of([Look(3, label=0, edits=(solo, other))]).w_plus, plain)
    assert not torch.equal(latents.of([Look(3, label=0, edits=(one, other))]).w_plus, plain)


def test_an_edit_for_a_class_does_nothing_with_another(latents):
    edits = (Edit("age", 2.0, label=1),)
    assert torch.equal(latents.of([Look(3, label=0, edits=edits)]).w_plus, latents.of([Look(3, label=0)]).w_plus)
    assert not torch.equal(latents.of([Look(3, label=1, edits=edits)]).w_plus, latents.of([Look(3, label=1)]).w_plus)


def test_mixing_takes_each_layer_by_its_strength_with_the_edits_of_both(generator, latents):
    second = Look(9, label=1, truncation=0.5, edits=(Edit("age", 1.0),))
    look = Look(3, label=0, mix=Mix(second, (0.0, 1.0, 0.25)), edits=(Edit("fine", 1.0),))
    one, two = latents.of([Look(3, label=0)]).w_plus, latents.of([second]).w_plus
    shares = torch.tensor([0, 1, 0.25, 0, 0, 0])[:, None]
    expected = (1 - shares) * one + shares * two
    expected[:, 4:6] += torch.from_numpy(W_STEP)
    assert torch.allclose(latents.of([look]).w_plus, expected, atol=1e-6)
    assert torch.equal(latents.of([Look(3, label=0, mix=Mix(second, (0.0,)))]).w_plus, one)


def test_a_point_of_w_takes_the_place_of_the_mapping_network(generator, latents):
    w = np.random.default_rng(0).normal(size=8)
    found = latents.of([Look(3, label=0, point=latent_point("w", w))]).w_plus
    assert torch.equal(found, torch.tensor(w, dtype=torch.float32).expand(1, NUM_WS, 8))
    w_plus = np.random.default_rng(1).normal(size=(NUM_WS, 8))
    looks = [Look(3, label=0, point=latent_point("w_plus", w_plus), edits=(Edit("age", 1.0),)), Look(5, label=1)]
    both = latents.of(looks).w_plus
    expected = torch.tensor(w_plus, dtype=torch.float32) + torch.from_numpy(W_STEP)
    assert torch.allclose(both[0], expected, atol=1e-6)
    assert torch.allclose(both[1:], mapped(generator, looks[1]), atol=1e-6)


def test_a_point_of_z_is_mapped_and_blended_like_a_seed(latents):
    z = sample_z([3], 8)[0].numpy()
    look = Look(3, label=0, blend_seed=7, blend=0.5)
    at_point = Look(3, label=0, blend_seed=7, blend=0.5, point=latent_point("z", z))
    assert torch.equal(latents.of([at_point]).w_plus, latents.of([look]).w_plus)


@pytest.mark.parametrize(
    ("look", "message"),
    [
        (Look(point=latent_point("w", np.zeros(7))), "of shape \\[7\\] does not fit"),
        (Look(point=latent_point("w_plus", np.zeros((5, 8)))), "takes \\[6, 8\\]"),
        (Look(point=latent_point("z", np.zeros(9))), "takes \\[8\\]"),
        (Look(point=latent_point("w", np.zeros(8)), edits=(Edit("smile", 1.0),)), "direction of z"),
        (Look(point=latent_point("w", np.zeros(8)), edits=(Edit("smile", 1.0, (0, 2)),)), "direction of z"),
        (Look(edits=(Edit("z:8", 1.0),)), "no such direction"),
        (Look(edits=(Edit("w:08", 1.0),)), "no such direction"),
    ],
)
def test_what_does_not_fit_is_said(latents, look, message):
    with pytest.raises(LookError, match=message):
        latents.of([look])


def test_truncation_stops_at_its_cutoff(generator, latents):
    look = Look(3, label=1, truncation=0.4, truncation_cutoff=2)
    expected = generator.truncate(mapped(generator, look), 0.4, torch.tensor([1]), 2)
    assert torch.allclose(latents.of([look]).w_plus, expected, atol=1e-6)


def test_truncation_to_centres_goes_towards_the_nearest_one(generator, latents):
    look = Look(3, label=0, truncation=0.0, truncation_centres=4)
    at_centre = latents.of([look]).w_plus
    half = latents.of([Look(3, label=0, truncation=0.5, truncation_centres=4)]).w_plus
    w = mapped(generator, look)
    assert torch.allclose(half, (at_centre + w) / 2, atol=1e-5)
    others = torch.cat([latents.of([Look(seed, truncation=0.0, truncation_centres=4)]).w_plus for seed in range(60)])
    centres = torch.unique(others[:, 0], dim=0)
    assert len(centres) == 4
    assert int(nearest_of(w[:, 0], centres)) == int((centres == at_centre[0, 0]).all(1).nonzero())


def test_single_numbers_of_z_and_w_move_by_their_deviation(generator, latents):
    look = Look(3, label=0, edits=(Edit("w:2", 1.5),))
    change = (latents.of([look]).w_plus - mapped(generator, look))[0]
    assert torch.equal(change[:, [0, 1, 3, 4, 5, 6, 7]], torch.zeros(NUM_WS, 7))
    cloud = torch.cat([mapped(generator, Look(seed, label=seed % 2))[:, 0] for seed in range(2000)])
    assert float(change[0, 2]) == pytest.approx(1.5 * float(cloud[:, 2].std()), rel=0.1)
    z = latents.z_of(Look(3, edits=(Edit("z:5", -2.0),))) - sample_z([3], 8)
    assert float(z[0, 5]) == pytest.approx(-2.0, rel=0.1)


def test_own_directions_are_learned_and_those_of_another_size_refused(generator, latents):
    own = own_direction(DirectionInfo("mine", "Mine", -3, 3, space="w", layers=(0, 1)), W_STEP)
    latents.learn([own])
    change = latents.step_in_w(Look(edits=(Edit(own.name, 2.0),)))
    assert torch.allclose(change[0, 0], 2.0 * torch.from_numpy(W_STEP))
    assert not change[0, 1:].any()
    with pytest.raises(LookError, match="of shape \\[9\\], this model takes \\[8\\]"):
        latents.learn([own_direction(DirectionInfo("long", "Long", -3, 3, space="w"), np.ones(9))])


STACKS = ((), (Edit("age", 1.0, (1, 2)),), (Edit("smile", 1.0),), (Edit("smile", 1.0, (0, 3)),))


@given(
    looks=st.lists(
        st.builds(
            Look,
            seed=st.integers(0, 3),
            label=st.sampled_from([0, 1]),
            truncation=st.sampled_from([1.0, 0.5]),
            truncation_cutoff=st.sampled_from([None, 2]),
            truncation_centres=st.sampled_from([0, 3]),
            edits=st.sampled_from(
                [(), (Edit("age", 1.0, (1, 2)),), (Edit("smile", 1.0),), (Edit("smile", 1.0, (0, 3)),)]
            ),
            blend_seed=st.sampled_from([None, 5]),
            blend=st.sampled_from([0.0, 0.5]),
            mix=st.sampled_from([None, Mix(Look(8, label=1), (1.0, 0.5))]),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_many_at_once_are_what_each_is_alone_whatever_was_drawn_before(generator, looks):
    infos = (DirectionInfo("age", "Age", -3, 3, space="w"), DirectionInfo("smile", "Smile", -3, 3))
    latents = LookLatents(generator, {"age": W_STEP, "smile": Z_STEP}, infos)
    together = latents.of(looks).w_plus
    alone = torch.cat([latents.of([look]).w_plus for look in looks])
    assert torch.allclose(together, alone, atol=1e-5)
    fresh = LookLatents(generator, {"age": W_STEP, "smile": Z_STEP}, infos)
    assert torch.equal(torch.cat([fresh.of([look]).w_plus for look in reversed(looks)]).flip(0), alone)


def test_centres_are_those_of_a_slow_search():
    random = torch.Generator().manual_seed(0)
    truth = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    points = torch.cat([centre + torch.randn(50, 2, generator=random) for centre in truth])
    centres = find_centres(points, 3, random)
    nearest = nearest_of(points, centres)
    for number in range(3):
        assert torch.allclose(centres[number], points[nearest == number].mean(0), atol=1e-5)
    assert sorted(centres.round().tolist()) == sorted(truth.tolist())
    with pytest.raises(ValueError, match="3 centres of 2"):
        find_centres(points[:2], 3, random)
    same = find_centres(torch.ones(5, 2), 2, random)
    assert torch.equal(same, torch.ones(2, 2))


def between(way, *parts):
    return Between(tuple((Look(seed, label=0), share) for seed, share in parts), way)


def test_between_pictures_in_w_is_the_sum_of_their_w(generator, latents):
    look = Look(label=0, between=between("w", (3, 0.5), (4, 0.75), (5, -0.25)), edits=(Edit("smile", 1.0),))
    step = torch.from_numpy(Z_STEP)
    expected = sum(share * mapped(generator, Look(seed), step) for seed, share in ((3, 0.5), (4, 0.75), (5, -0.25)))
    assert torch.allclose(latents.of([look]).w_plus, expected, atol=1e-5)
    whole = Look(label=0, between=between("w", (3, 1.0)))
    assert torch.equal(latents.of([whole, Look(3, label=0)]).w_plus[0], latents.of([Look(3, label=0)]).w_plus[0])


def test_between_two_pictures_on_the_arc_is_the_blend_of_their_seeds(latents):
    look = Look(label=0, between=between("arc", (3, 0.75), (9, 0.25)))
    assert torch.equal(latents.of([look]).w_plus, latents.of([Look(3, label=0, blend_seed=9, blend=0.25)]).w_plus)
    straight = latents.z_of(Look(between=between("straight", (3, 0.75), (9, 0.25))))
    assert torch.allclose(straight, 0.75 * sample_z([3], 8) + 0.25 * sample_z([9], 8))


def test_between_many_pictures_keeps_their_length(latents):
    z = latents.z_of(Look(between=between("arc", (1, 0.25), (2, 0.25), (3, 0.25), (4, 0.25))))
    lengths = sample_z([1, 2, 3, 4], 8).norm(dim=1)
    assert float(z.norm()) == pytest.approx(float(lengths.mean()), rel=1e-5)
