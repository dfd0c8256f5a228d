"""Wasserstein GANs: a critic that measures a distance. Source: Arjovsky et al. 2017; Gulrajani et al. 2017."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.dcgan_2016 import as_taught


def _critic(facts: PictureFacts) -> TrainingConfig:
    """Without batch normalisation in the critic, which would make its slope depend on the batch."""
    config = as_taught(facts)
    network = {**config.network_config, "discriminator_batch_norm": False}
    return replace(config, loss="wasserstein", network_config=network, discriminator_steps=5)


def _clipped(facts: PictureFacts) -> TrainingConfig:
    parts: dict[str, dict[str, float]] = {"weight_clipping": {}, "critic_to_optimality": {}}
    return replace(_critic(facts), parts=parts, optimizer="rmsprop", generator_lr=5e-5, discriminator_lr=5e-5)


def _penalised(facts: PictureFacts) -> TrainingConfig:
    return replace(
        _critic(facts), parts={"gradient_penalty": {}}, generator_lr=1e-4, discriminator_lr=1e-4, beta1=0.0, beta2=0.9
    )


PRESETS.add(
    "wgan",
    Preset(
        "WGAN",
        "A critic trained close to its optimum, its weights clipped: slow and steady, and its loss means something.",
        _clipped,
        group="classic",
    ),
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
