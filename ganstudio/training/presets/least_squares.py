"""LSGAN. Source: Mao et al. 2017."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.dcgan_2016 import as_taught


def _least_squares(facts: PictureFacts) -> TrainingConfig:
    return replace(as_taught(facts), loss="least_squares")


PRESETS.add(
    "least_squares",
    Preset(
        "Least squares",
        "The DCGAN with squared distances in place of logarithms: a gradient even where the discriminator is sure.",
        _least_squares,
        group="classic",
    ),
)
