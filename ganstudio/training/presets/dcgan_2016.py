"""DCGAN by its guidelines, and its close relatives.

Source: Radford et al. 2016; Mao et al. 2017; Mirza & Osindero 2014.
"""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, with_length


def as_taught(facts: PictureFacts) -> TrainingConfig:
    """The networks and rates of the paper, half as wide: batch normalisation in both, Adam with a beta of one half."""
    network = {**picture_settings(facts), "num_classes": 0, "z_dim": 100, "base_channels": 32, "max_channels": 256,
               "discriminator_batch_norm": True, "discriminator_deviation": False}  # fmt: skip
    config = TrainingConfig(
        network_config=network, batch_size=64, generator_lr=2e-4, discriminator_lr=2e-4, beta1=0.5, beta2=0.999,
        final_lr_fraction=1.0,
    )  # fmt: skip
    return with_length(config, 400)


def _conditional(facts: PictureFacts) -> TrainingConfig:
    config = as_taught(facts)
    network = {**config.network_config, "num_classes": picture_settings(facts)["num_classes"]}
    return replace(config, network_config=network)


def _least_squares(facts: PictureFacts) -> TrainingConfig:
    return replace(as_taught(facts), loss="least_squares")


PRESETS.add(
    "dcgan_2016",
    Preset(
        "DCGAN, as taught",
        "The convolutional network of 2016 by its own guidelines, without later cures and without classes.",
        as_taught,
        group="classic",
    ),
)
PRESETS.add(
    "conditional",
    Preset(
        "Conditional GAN",
        "The same, told the class of each picture: you choose what it draws. Needs pictures with classes.",
        _conditional,
        group="classic",
    ),
)
PRESETS.add(
    "least_squares",
    Preset(
        "Least squares",
        "The same with squared distances in place of logarithms: a gradient even where the discriminator is sure.",
        _least_squares,
        group="classic",
    ),
)
