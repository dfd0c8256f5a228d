"""DCGAN by its guidelines. Source: Radford et al. 2016, sections 3 and 4."""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, with_length


def as_taught(facts: PictureFacts) -> TrainingConfig:
    """The networks and rates of the paper, half as wide: batch normalisation in both, Adam with a beta of one half."""
    network = {**picture_settings(facts), "num_classes": 0, "z_dim": 100, "base_channels": 32, "max_channels": 256,
               "discriminator_batch_norm": True, "discriminator_deviation": False}  # fmt: skip
    config = TrainingConfig(
        network_config=network, batch_size=64, generator_lr=2e-4, discriminator_lr=2e-4, beta1=0.5, beta2=0.999,
        final_lr_fraction=1.0,
    )  # fmt: skip
    return with_length(config, 400)


def without_batch_norm(facts: PictureFacts) -> TrainingConfig:
    """As taught, but for the discriminator, whose judgement of a picture shall not hang on the rest of its batch."""
    config = as_taught(facts)
    return replace(config, network_config={**config.network_config, "discriminator_batch_norm": False})


def with_classes(facts: PictureFacts, conditioning: str) -> TrainingConfig:
    """As taught, told the classes in one of `networks.layers.CONDITIONINGS`."""
    config = as_taught(facts)
    classes = picture_settings(facts)["num_classes"]
    network = {**config.network_config, "num_classes": classes, "conditioning": conditioning}
    parts: dict[str, dict[str, float]] = {"auxiliary_classifier": {}} if classes and conditioning == "auxiliary" else {}
    return replace(config, network_config=network, parts=parts)


PRESETS.add(
    "dcgan_2016",
    Preset(
        "DCGAN, as taught",
        "The convolutional network of 2016 by its own guidelines, without later cures and without classes.",
        as_taught,
        group="classic",
    ),
)
