"""The first GAN with the loss of its first equation. Source: Goodfellow et al. 2014, eq. 1."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.first_gan import perceptrons


def _minimax(facts: PictureFacts) -> TrainingConfig:
    return replace(perceptrons(facts), loss="minimax")


PRESETS.add(
    "minimax",
    Preset(
        "Minimax, as first written",
        "The same with the loss of the paper's first equation: watch its gradient vanish where the discriminator is "
        "sure.",
        _minimax,
        group="classic",
    ),
)
