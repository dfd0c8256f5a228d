"""SNGAN: spectral normalisation and the hinge loss. Source: Miyato et al. 2018."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.dcgan_2016 import without_batch_norm


def _spectral(facts: PictureFacts) -> TrainingConfig:
    return replace(
        without_batch_norm(facts), loss="hinge", parts={"spectral_norm": {}}, beta1=0.0, beta2=0.9,
        final_lr_fraction=0.0, rate_schedule="linear",
    )  # fmt: skip


PRESETS.add(
    "spectral",
    Preset(
        "SNGAN",
        "A discriminator that cannot get steep, with the hinge loss: cheap, and hard to break.",
        _spectral,
        group="classic",
    ),
)
