"""RaGAN: judging against the average of the other side. Source: Jolicoeur-Martineau 2018."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.dcgan_2016 import without_batch_norm


def _relativistic(facts: PictureFacts) -> TrainingConfig:
    return replace(without_batch_norm(facts), loss="relativistic_average")


PRESETS.add(
    "relativistic",
    Preset(
        "Relativistic",
        "The discriminator says how much more real a picture looks than those of the other side do on average.",
        _relativistic,
        group="classic",
    ),
)
