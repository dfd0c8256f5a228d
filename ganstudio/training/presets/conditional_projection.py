"""Conditional GAN with a projecting discriminator. Source: Miyato & Koyama 2018, eq. 4."""

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, classes_wanted, up_to_128
from ganstudio.training.presets.dcgan_2016 import with_classes


def _projection(facts: PictureFacts) -> TrainingConfig:
    return with_classes(facts, "projection")


PRESETS.add(
    "conditional_projection",
    Preset(
        "Conditional GAN, by projection",
        "The same with a learned vector for each class, which the discriminator compares with what it sees: suits many "
        "classes.",
        _projection,
        (up_to_128, classes_wanted),
        group="classic",
    ),
)
