"""Ways to tell networks the class: each is heard by both players, blended, kept in files, and learned."""

import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.networks.base import NETWORKS
from ganstudio.networks.catalogue import NETWORKS as ALL
from ganstudio.networks.layers import CONDITIONINGS
from ganstudio.networks.spec import NetworkConfigError
from ganstudio.training.config import TrainingConfig, read_texts, with_settings
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game.pair import Batch, Pair

CPU = torch.device("cpu")
SIZES = {
    "dcgan": {"resolution": 28, "channels": 1, "z_dim": 4, "base_channels": 4, "max_channels": 8},
    "mlp": {"resolution": 28, "channels": 1, "z_dim": 4, "hidden": 16, "layers": 2},
}


def build(family, conditioning, classes=3):
    config = ALL[family].make_config({**SIZES[family], "num_classes": classes, "conditioning": conditioning})
    random = torch.Generator().manual_seed(0)
    return config, ALL[family].build_generator(config, random).eval(), ALL[family].build_discriminator(config, random)


@pytest.mark.parametrize("family", SIZES)
@pytest.mark.parametrize("conditioning", CONDITIONINGS)
def test_both_players_hear_the_class_but_where_a_classifier_does(family, conditioning, tmp_path):
    config, generator, discriminator = build(family, conditioning)
    z = torch.randn(2, 4, generator=torch.Generator().manual_seed(1))
    first, second = torch.tensor([0, 0]), torch.tensor([2, 2])
    assert not torch.allclose(generator(z, first), generator(z, second))
    images = torch.rand(4, 1, 28, 28)
    logits = [discriminator(images, torch.full((4,), label)) for label in (0, 2)]
    assert torch.equal(*logits) == (conditioning == "auxiliary")
    weights = torch.nn.functional.one_hot(second, 3).float()
    assert torch.allclose(generator(z, weights), generator(z, second), atol=1e-6)
    assert discriminator(images).shape == (4,)
    path = tmp_path / "told.safetensors"
    save_generator(path, generator, GeneratorFile(family, config, ("a", "b", "c")))
    again = build_generator(read(path), CPU)
    assert torch.equal(again(z, second), generator(z, second))


@pytest.mark.parametrize("family", SIZES)
@pytest.mark.parametrize("conditioning", CONDITIONINGS)
def test_without_classes_all_ways_are_one(family, conditioning):
    _, generator, discriminator = build(family, conditioning, classes=0)
    _, plain, judge = build(family, "projection", classes=0)
    assert generator.state_dict().keys() == plain.state_dict().keys()
    assert discriminator.state_dict().keys() == judge.state_dict().keys()


def test_an_unknown_way_is_refused_with_the_known_ones():
    with pytest.raises(NetworkConfigError, match="projection, embedding, one_hot, auxiliary"):
        NETWORKS["mlp"].make_config({"conditioning": "telepathy"})


def test_a_discriminator_that_is_told_nothing_wants_the_classifier():
    network = {**SIZES["mlp"], "num_classes": 2, "conditioning": "auxiliary"}
    with pytest.raises(TrainingConfigError, match="auxiliary classifier"):
        TrainingConfig("mlp", network)
    assert TrainingConfig("mlp", network, parts={"auxiliary_classifier": {}}).parts


def test_settings_of_the_networks_are_set_by_name():
    config = TrainingConfig("mlp", SIZES["mlp"])
    texts = {"network_config.conditioning": "one_hot", "network_config.z_dim": "8"}
    changed = with_settings(config, read_texts(texts, TrainingConfigError))
    assert changed.network_config == {**SIZES["mlp"], "conditioning": "one_hot", "z_dim": 8}
    assert config.network_config == SIZES["mlp"]


@pytest.mark.parametrize(
    ("conditioning", "steps"), [(name, 900 if name == "one_hot" else 200) for name in CONDITIONINGS]
)
def test_classes_are_learned(conditioning, steps):
    """Dark pictures are one class and bright ones the other."""
    network = {**SIZES["mlp"], "num_classes": 2, "conditioning": conditioning}
    parts = {"r1": {"gamma": 1.0, "interval": 1}, "r2": {"gamma": 1.0}}
    parts |= {"auxiliary_classifier": {}} if conditioning == "auxiliary" else {}
    settings = {"generator_lr": 1e-2, "discriminator_lr": 1e-2, "beta1": 0.0, "beta2": 0.9, "ema_kimg": 0.5}
    pair = Pair(TrainingConfig("mlp", network, loss="relativistic", parts=parts, kimg=8.0, **settings), CPU)
    labels = torch.arange(32) % 2
    random = torch.Generator().manual_seed(3)
    images = (labels * 1.2 - 0.6).view(-1, 1, 1, 1) + 0.1 * torch.randn(32, 1, 28, 28, generator=random)
    for step in range(steps):
        pair.play(RepeatedBatch(Batch(images, labels)), step, step * 0.032)
    drawn = pair.averaged(torch.randn(32, 4, generator=random), labels).mean(dim=(1, 2, 3))
    assert drawn[labels == 0].mean() < -0.4
    assert drawn[labels == 1].mean() > 0.4
