"""WGAN-GP: a penalty in place of clipping. Source: Gulrajani et al. 2017, algorithm 1."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.wgan import critic


def _penalised(facts: PictureFacts) -> TrainingConfig:
    return replace(
        critic(facts), parts={"gradient_penalty": {}}, generator_lr=1e-4, discriminator_lr=1e-4, beta1=0.0, beta2=0.9
    )


PRESETS.add(
    "wgan_gp",
    Preset(
        "WGAN-GP",
        "The same with a penalty on the critic's slope in place of clipping: robust, but five times as slow.",
        _penalised,
        group="classic",
    ),
)
