"""DRAGAN: a steady slope around real pictures. Source: Kodali et al. 2017."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.dcgan_2016 import without_batch_norm


def _dragan(facts: PictureFacts) -> TrainingConfig:
    return replace(without_batch_norm(facts), parts={"dragan": {}})


PRESETS.add(
    "dragan",
    Preset(
        "DRAGAN",
        "Holds the discriminator's slope around real pictures, against the sharp edges that come before a collapse.",
        _dragan,
        group="classic",
    ),
)
