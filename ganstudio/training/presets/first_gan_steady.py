"""The first GAN's networks, kept steady. Source: Goodfellow et al. 2014; Mescheder et al. 2018, eq. 9."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset
from ganstudio.training.presets.first_gan import perceptrons


def _steady(facts: PictureFacts) -> TrainingConfig:
    parts = {"r1": {"gamma": 1.0, "interval": 8}}
    return replace(perceptrons(facts), parts=parts, beta2=0.99, final_lr_fraction=0.1)


PRESETS.add(
    "first_gan",
    Preset(
        "The first GAN, kept steady",
        "The same networks with R1, a later cure: fast on small grey pictures, grainy on others.",
        _steady,
        group="classic",
    ),
)
