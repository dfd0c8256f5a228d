"""Presets: every one builds for every kind of picture, and spreads its samples over any length."""

from dataclasses import dataclass

import pytest
import torch

from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.presets import PRESETS, with_length


@dataclass
class Facts:
    resolution: int
    channels: int
    class_count: int


@pytest.mark.parametrize("name", PRESETS.names())
@pytest.mark.parametrize("facts", [Facts(28, 1, 10), Facts(32, 3, 0), Facts(64, 3, 1), Facts(128, 1, 2)])
def test_a_preset_builds_for_every_kind_of_picture(name, facts):
    config = PRESETS[name].configure(facts)
    if reason := PRESETS[name].refusal(facts.resolution):
        assert "not 28" in reason
        assert name.startswith("style")
        return
    architecture = NETWORKS[config.network]
    network_config = architecture.make_config(config.network_config)
    with torch.device("meta"):
        generator = architecture.build_generator(network_config, torch.Generator())
    assert generator.spec.resolution == facts.resolution
    assert generator.spec.channels == facts.channels
    assert generator.spec.num_classes == (facts.class_count if facts.class_count > 1 else 0)


@pytest.mark.parametrize("kimg", [0.5, 3, 60, 1100, 25_000])
def test_any_length_gives_a_fair_number_of_samples_and_snapshots(kimg):
    config = with_length(PRESETS["balanced"].configure(Facts(32, 3, 0)), kimg)
    assert config.kimg == kimg
    assert 4 <= kimg / config.sample_kimg <= 110
    assert kimg / config.snapshot_kimg <= 45
