"""AC-GAN: the discriminator names the class as well. Source: Odena et al. 2017."""

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, classes_wanted, up_to_128
from ganstudio.training.presets.dcgan_2016 import with_classes


def _auxiliary(facts: PictureFacts) -> TrainingConfig:
    return with_classes(facts, "auxiliary")


PRESETS.add(
    "ac_gan",
    Preset(
        "AC-GAN",
        "The discriminator also names the class of each picture, and the generator draws what it names rightly.",
        _auxiliary,
        (up_to_128, classes_wanted),
        group="classic",
    ),
)
