"""The first GANs, fully connected: with the loss of the first equation, and with the one that works."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, with_length


def _first_gan(facts: PictureFacts) -> TrainingConfig:
    network = {**picture_settings(facts), "z_dim": 64, "hidden": 256, "layers": 3}
    parts = {"r1": {"gamma": 1.0, "interval": 8}}
    return with_length(
        TrainingConfig(network="mlp", network_config=network, parts=parts, batch_size=64, ema_kimg=5.0), 300
    )


def _gan_2014(facts: PictureFacts) -> TrainingConfig:
    return replace(_first_gan(facts), loss="minimax", parts={}, beta2=0.999, final_lr_fraction=1.0)


PRESETS.add(
    "first_gan",
    Preset(
        "The first GAN",
        "Plain fully connected networks as in the first paper of 2014: fast on small grey pictures, grainy on others.",
        _first_gan,
        group="classic",
    ),
)
PRESETS.add(
    "gan_2014",
    Preset(
        "Minimax, as first written",
        "The same networks with the loss of the paper's first equation and no cure at all: to see its gradient vanish.",
        _gan_2014,
        group="classic",
    ),
)
