"""The game on points: with every part, step by step, and seen without being changed."""

import numpy as np
import pytest
import torch

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.config import NETWORK_NAMES, TrainingConfig, with_settings
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.game.pair import Pair
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.toys.distributions import grid, ring
from ganstudio.training.toys.recipes import RECIPES, configure
from ganstudio.training.toys.scene import to_game, to_plane
from ganstudio.training.toys.table import ToyTable, play_toy

CPU = torch.device("cpu")
SMALL = {"network_config": {"hidden": 16, "layers": 2}, "batch_size": 32}


def small(name="paired", rounds=20, **settings):
    return with_settings(configure(name, rounds), {**SMALL, **settings})


def weights(table):
    players = (table.pair.generator, table.pair.discriminator, table.pair.averaged)
    return [tensor.clone() for player in players for tensor in player.state_dict().values()]


def same(before, after):
    return all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_points_are_pictures_of_one_pixel():
    architecture = NETWORKS["points"]
    config = architecture.make_config({"hidden": 8, "layers": 2, "z_dim": 3, "batch_norm": True})
    random = torch.Generator().manual_seed(0)
    generator, discriminator = (
        architecture.build_generator(config, random),
        architecture.build_discriminator(config, random, 2),
    )
    points = generator(torch.randn(6, 3))
    assert points.shape == (6, 2, 1, 1)
    assert (generator.spec.channels, generator.spec.resolution) == (2, 1)
    assert discriminator(points.reshape(3, 4, 1, 1)).shape == (3,)
    assert sum(isinstance(layer, torch.nn.BatchNorm1d) for layer in generator.modules()) == 2
    assert not any(isinstance(layer, torch.nn.BatchNorm1d) for layer in discriminator.modules())


def test_networks_for_pictures_do_not_list_points():
    assert "points" not in NETWORK_NAMES
    assert "points" not in next(
        item.metadata["choices"] for item in TrainingConfig.__dataclass_fields__.values() if item.name == "network"
    )
    assert TrainingConfig.from_json(configure("paired").to_json()) == configure("paired")


def test_a_network_for_pictures_has_no_seat_at_the_table():
    with pytest.raises(TrainingConfigError, match="not points of the plane"):
        ToyTable(TrainingConfig(), ring())
    with pytest.raises(NetworkConfigError, match="two coordinates"):
        ToyTable(with_settings(configure("paired"), {"network_config": {"channels": 3}}), ring())


FOR_PICTURES = ("auxiliary_classifier", "feature_reconstruction")  # points have neither classes nor maps


@pytest.mark.parametrize("part", [name for name in PARTS.names() if name not in FOR_PICTURES])
def test_every_part_plays_on_points(part):
    table = ToyTable(small("wgan_gp" if part == "gradient_penalty" else "non_saturating", **{part: True}), grid())
    before = weights(table)
    table.play_round()
    assert not same(before, weights(table))
    scene = table.scene()
    assert np.isfinite(scene.landscape).all()


@pytest.mark.parametrize("name", list(RECIPES))
def test_every_recipe_plays_to_its_end(name):
    told = list(play_toy(small(name, rounds=6), ring(), every=3))
    assert told[-1].share == 1.0
    assert told[-1].scores.total == 8
    assert all(np.isfinite(value) for value in told[-1].scalars.values())


def test_one_seed_is_one_game():
    first, second, other = (
        [progress.scalars for progress in play_toy(small(seed=seed), ring(), every=10)] for seed in (3, 3, 4)
    )
    assert first == second
    assert first != other


def test_each_player_learns_alone():
    table = ToyTable(small(), ring())
    generator, discriminator = table.pair.generator, table.pair.discriminator
    before = [parameter.clone() for parameter in (*generator.parameters(), *discriminator.parameters())]
    count = len(list(generator.parameters()))
    table.step_discriminator()
    now = [*generator.parameters(), *discriminator.parameters()]
    assert same(before[:count], now[:count])
    assert not same(before[count:], now[count:])
    middle = [parameter.clone() for parameter in now]
    table.step_generator()
    now = [*generator.parameters(), *discriminator.parameters()]
    assert not same(middle[:count], now[:count])
    assert same(middle[count:], now[count:])
    assert (table.rounds, table.discriminator_steps) == (1, 1)


def test_a_round_is_a_round_of_the_pair():
    config = small()
    table, other = ToyTable(config, ring()), ToyTable(config, ring())
    pair = Pair(config, CPU)
    for step in range(3):
        table.play_round()
        pair.play(other._feed, step, step * 32 / 1000)
    expected = list(pair.generator.state_dict().values())
    assert same(list(table.pair.generator.state_dict().values()), expected)


@pytest.mark.parametrize("name", ["paired", "pac2", "minibatch_discrimination", "wgan_gp"])
def test_looking_changes_nothing(name):
    looked, blind = ToyTable(small(name), grid()), ToyTable(small(name), grid())
    for _ in range(3):
        looked.play_round()
        looked.scene()
        looked.progress()
        blind.play_round()
    assert same(weights(looked), weights(blind))


def test_the_landscape_is_what_the_discriminator_says():
    table = ToyTable(small("non_saturating"), grid())
    for _ in range(5):
        table.play_round()
    scene = table.scene()
    axis = np.linspace(-scene.reach, scene.reach, len(scene.landscape))
    place = np.array([[axis[9], axis[40]]])
    with torch.no_grad():
        sure = table.pair.discriminator(to_game(place, grid())).sigmoid().item()
    assert scene.landscape[40, 9] == pytest.approx(sure, abs=1e-5)  # the row is y
    assert scene.fake_belief == pytest.approx(
        table.pair.discriminator(to_game(scene.generated, grid())).sigmoid().mean().item(), abs=1e-4
    )


def test_arrows_go_up_the_landscape():
    table = ToyTable(small("non_saturating"), grid())
    for _ in range(40):
        table.step_discriminator()
    scene = table.scene()
    starts = scene.generated[: len(scene.pushes)]
    step = 0.01 * scene.pushes
    with torch.no_grad():
        before, after = (table.pair.discriminator(to_game(at, grid())) for at in (starts, starts + step))
    assert np.linalg.norm(scene.pushes, axis=1).max() == pytest.approx(1.0)
    assert (after > before).float().mean() > 0.98


def test_points_there_and_back():
    points = grid().sample(50, np.random.default_rng(0))
    assert to_plane(to_game(points, grid()), grid()) == pytest.approx(points, abs=1e-5)
