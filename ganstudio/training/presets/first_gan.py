"""The first GAN, fully connected: as it is used, with nothing against its troubles. Source: Goodfellow et al. 2014."""

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, with_length


def perceptrons(facts: PictureFacts) -> TrainingConfig:
    """Fully connected networks, the non-saturating loss and no cure."""
    network = {**picture_settings(facts), "z_dim": 64, "hidden": 256, "layers": 3}
    config = TrainingConfig("mlp", network, batch_size=64, ema_kimg=5.0, beta2=0.999, final_lr_fraction=1.0)
    return with_length(config, 300)


PRESETS.add(
    "gan_2014",
    Preset(
        "The first GAN",
        "Fully connected networks as in the paper of 2014, without any later cure: to see what goes wrong.",
        perceptrons,
        group="classic",
    ),
)
