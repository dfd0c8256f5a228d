"""DCGANs with today's cures, in three sizes: what a laptop trains."""

from typing import Any

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, with_length


def _dcgan(network: dict[str, Any], **settings: Any) -> TrainingConfig:
    return TrainingConfig(network_config=network, parts={"r1": {"gamma": 1.0, "interval": 8}}, **settings)


def _quick(facts: PictureFacts) -> TrainingConfig:
    network = {**picture_settings(facts), "z_dim": 32, "base_channels": 16, "max_channels": 64}
    return with_length(_dcgan(network, generator_lr=4e-4, discriminator_lr=4e-4, ema_kimg=2.0), 60)


def _balanced(facts: PictureFacts) -> TrainingConfig:
    network = {**picture_settings(facts), "z_dim": 64, "base_channels": 32, "max_channels": 128, "full_channels": 16}
    return with_length(_dcgan(network, generator_lr=3e-4, discriminator_lr=3e-4), 400)


def _thorough(facts: PictureFacts) -> TrainingConfig:
    network = {**picture_settings(facts), "z_dim": 64, "base_channels": 64, "max_channels": 512}
    return with_length(_dcgan(network, ema_kimg=20.0), 2000)


PRESETS.add(
    "quick",
    Preset(
        "Quick look",
        "A small DCGAN for a first impression: shapes and colours within minutes, no fine detail.",
        _quick,
        group="everyday",
    ),
)
PRESETS.add(
    "balanced",
    Preset(
        "Balanced",
        "A DCGAN with R1, the networks of the recommended recipe: an hour or two on a laptop.",
        _balanced,
        group="everyday",
    ),
)
PRESETS.add(
    "thorough",
    Preset(
        "Thorough",
        "A large DCGAN for a night on a laptop or an hour on a GPU: the finest detail of the DCGANs.",
        _thorough,
        group="everyday",
    ),
)
