"""Presets: every one builds for every kind of picture, and spreads its samples over any length."""

import json
from dataclasses import dataclass, replace

import pytest
import torch

from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.spec import NetworkConfigError
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game.pair import Batch, Pair
from ganstudio.training.presets.base import GROUPS, with_length
from ganstudio.training.presets.catalogue import PRESETS

WITHOUT_CLASSES = (
    "dcgan_2016",
    "least_squares",
    "wgan",
    "wgan_gp",
    "spectral",
    "dragan",
    "relativistic",
    "few_pictures",
)


@dataclass
class Facts:
    resolution: int
    channels: int
    class_count: int
    count: int | None = None


@pytest.mark.parametrize("name", PRESETS.names())
@pytest.mark.parametrize("facts", [Facts(28, 1, 10), Facts(32, 3, 0), Facts(64, 3, 1), Facts(128, 1, 2)])
def test_a_preset_builds_for_every_kind_of_picture(name, facts):
    config = PRESETS[name].configure(facts)
    if reason := PRESETS[name].refusal(facts):
        assert "not 28" in reason.sentence or (facts.class_count < 2 and "classes" in reason.sentence)
        return
    architecture = NETWORKS[config.network]
    network_config = architecture.make_config(config.network_config)
    with torch.device("meta"):
        generator = architecture.build_generator(network_config, torch.Generator())
    assert generator.spec.resolution == facts.resolution
    assert generator.spec.channels == facts.channels
    taught_without = name in WITHOUT_CLASSES
    assert generator.spec.num_classes == (facts.class_count if facts.class_count > 1 and not taught_without else 0)


@pytest.mark.parametrize("name", PRESETS.names())
def test_every_preset_plays_and_its_settings_survive_a_file(name):
    preset = PRESETS[name]
    facts = Facts(28, 1, 2)
    if preset.refusal(facts):
        facts = Facts(32, 1, 2)
    config = preset.configure(facts)
    config = replace(config, batch_size=8)
    if "critic_to_optimality" in config.parts:
        config = with_settings(config, {"critic_to_optimality.steps": 2})
    assert TrainingConfig.from_json(json.loads(json.dumps(config.to_json()))).to_json() == json.loads(
        json.dumps(config.to_json())
    )
    pair = Pair(config, torch.device("cpu"))
    images = torch.rand(8, 1, facts.resolution, facts.resolution).mul(2).sub(1)
    labels = torch.arange(8) % 2 if pair.generator.spec.num_classes else None
    for step in range(3):
        scalars = pair.play(RepeatedBatch(Batch(images, labels)), step, 0.1).scalars
        assert all(torch.isfinite(value) for value in scalars.values())


def test_presets_stand_in_known_groups():
    assert {preset.group for preset in PRESETS.values()} == set(GROUPS)


@pytest.mark.parametrize("kimg", [0.5, 3, 60, 1100, 25_000])
def test_any_length_gives_a_fair_number_of_samples_and_snapshots(kimg):
    config = with_length(PRESETS["balanced"].configure(Facts(32, 3, 0)), kimg)
    assert config.kimg == kimg
    assert 4 <= kimg / config.sample_kimg <= 110
    assert kimg / config.snapshot_kimg <= 45


@pytest.mark.parametrize("name", PRESETS.names())
@pytest.mark.parametrize("resolution", [128, 256])
def test_a_size_is_refused_just_where_the_network_does_not_draw_it(name, resolution):
    facts = Facts(resolution, 3, 2)
    config = PRESETS[name].configure(facts)
    draws = True
    try:
        NETWORKS[config.network].make_config(config.network_config)
    except NetworkConfigError:
        draws = False
    assert (PRESETS[name].refusal(facts) is None) == draws


def test_the_recommended_recipe_goes_by_count_size_and_machine(monkeypatch):
    monkeypatch.setattr("ganstudio.training.presets.recommended.expects_gpu", lambda: False)
    recommended = PRESETS["recommended"]
    facts = Facts(64, 3, 0, 500)
    assert "several times as long" in recommended.explanation(Facts(128, 3, 0, 500))
    assert "several times as long" not in recommended.explanation(facts)
    narrow = recommended.configure(facts)
    assert "diff_augment" in narrow.parts
    assert "diff_augment" not in recommended.configure(Facts(64, 3, 0, 50_000)).parts
    assert recommended.configure(Facts(256, 3, 0, 500)).network == "fastgan"
    assert recommended.refusal(Facts(250, 3, 0, 500)) is not None
    monkeypatch.setattr("ganstudio.training.presets.recommended.expects_gpu", lambda: True)
    wide = recommended.configure(facts)
    assert wide.network_config["base_channels"] > narrow.network_config["base_channels"]
    assert wide.kimg > narrow.kimg
    assert "GPU" in recommended.explanation(facts)
