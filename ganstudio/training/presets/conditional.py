"""Conditional GAN as first taught. Source: Mirza & Osindero 2014, section 3.2."""

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, classes_wanted, up_to_128
from ganstudio.training.presets.dcgan_2016 import with_classes


def _conditional(facts: PictureFacts) -> TrainingConfig:
    return with_classes(facts, "one_hot")


PRESETS.add(
    "conditional",
    Preset(
        "Conditional GAN",
        "The DCGAN, both networks told the class of each picture as a number of its own: you choose what it draws.",
        _conditional,
        (up_to_128, classes_wanted),
        group="classic",
    ),
)
