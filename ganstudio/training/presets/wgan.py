"""WGAN: a critic that measures a distance, its weights clipped. Source: Arjovsky et al. 2017, algorithm 1."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.dcgan_2016 import without_batch_norm


def critic(facts: PictureFacts) -> TrainingConfig:
    """The DCGAN with a critic that learns five times a round."""
    return replace(without_batch_norm(facts), loss="wasserstein", discriminator_steps=5)


def _clipped(facts: PictureFacts) -> TrainingConfig:
    parts: dict[str, dict[str, float]] = {"weight_clipping": {}, "critic_to_optimality": {}}
    return replace(critic(facts), parts=parts, optimizer="rmsprop", generator_lr=5e-5, discriminator_lr=5e-5)


PRESETS.add(
    "wgan",
    Preset(
        "WGAN",
        "A critic trained close to its optimum, its weights clipped: slow and steady, and its loss means something.",
        _clipped,
        group="classic",
    ),
)
