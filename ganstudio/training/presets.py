"""Recipes in plain words: each turns what is known of the data into a full configuration."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ganstudio.registry import Registry
from ganstudio.training.config import TrainingConfig


class PictureFacts(Protocol):
    """What a preset needs to know of the prepared pictures."""

    @property
    def resolution(self) -> int:
        """Height and width in pixels."""

    @property
    def channels(self) -> int:
        """3 for RGB, 1 for grey."""

    @property
    def class_count(self) -> int:
        """Number of classes, 0 where there are no labels."""


@dataclass(frozen=True)
class Preset:
    """One recipe.

    Attributes:
        title: Its name for people.
        description: What it does and when to take it, in one or two plain sentences.
        configure: Makes the configuration for given pictures.
        refusal: Why pictures of this height and width, in pixels, are not for it; "" where they are.
    """

    title: str
    description: str
    configure: Callable[[PictureFacts], TrainingConfig]
    refusal: Callable[[int], str] = lambda _resolution: ""


PRESETS: Registry[Preset] = Registry("preset")


def with_length(config: TrainingConfig, kimg: float) -> TrainingConfig:
    """Return the config for another length, its samples, snapshots and scores spread over it as before.

    About 100 sample sheets and 40 snapshots and scores come out of a run of any length.
    """
    return replace(
        config,
        kimg=float(kimg),
        sample_kimg=_round_nicely(kimg / 100),
        snapshot_kimg=_round_nicely(kimg / 40),
        score_kimg=_round_nicely(kimg / 40),
    )


def _round_nicely(value: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten, at least 0.1."""
    value = max(value, 0.1)
    power = 10.0 ** math.floor(math.log10(value))
    return next(float(f"{step * power:.6g}") for step in (1, 2, 5, 10) if step * power >= value * 0.999)


def _pictures(facts: PictureFacts) -> dict[str, Any]:
    classes = facts.class_count if facts.class_count > 1 else 0
    return {"resolution": facts.resolution, "channels": facts.channels, "num_classes": classes}


def _dcgan(network: dict[str, Any], **settings: Any) -> TrainingConfig:
    return TrainingConfig(network_config=network, parts={"r1": {"gamma": 1.0, "interval": 8}}, **settings)


def _quick(facts: PictureFacts) -> TrainingConfig:
    network = {**_pictures(facts), "z_dim": 32, "base_channels": 16, "max_channels": 64}
    config = _dcgan(network, generator_lr=4e-4, discriminator_lr=4e-4, ema_kimg=2.0)
    return with_length(config, 60)


def _balanced(facts: PictureFacts) -> TrainingConfig:
    network = {**_pictures(facts), "z_dim": 64, "base_channels": 32, "max_channels": 128, "full_channels": 16}
    return with_length(_dcgan(network, generator_lr=3e-4, discriminator_lr=3e-4), 400)


def _thorough(facts: PictureFacts) -> TrainingConfig:
    network = {**_pictures(facts), "z_dim": 64, "base_channels": 64, "max_channels": 512}
    return with_length(_dcgan(network, ema_kimg=20.0), 2000)


def _first_gan(facts: PictureFacts) -> TrainingConfig:
    network = {**_pictures(facts), "z_dim": 64, "hidden": 256, "layers": 3}
    parts = {"r1": {"gamma": 1.0, "interval": 8}}
    config = TrainingConfig(network="mlp", network_config=network, parts=parts, batch_size=64, ema_kimg=5.0)
    return with_length(config, 300)


def _style(facts: PictureFacts) -> TrainingConfig:
    config = _style_config(facts, largest=64, w_dim=64, batch_size=16)
    return with_length(config, 300)


def _style_wide(facts: PictureFacts) -> TrainingConfig:
    config = _style_config(facts, largest=128, w_dim=128, batch_size=64)
    return with_length(replace(config, ema_kimg=20.0), 2000)


def _style_config(facts: PictureFacts, largest: int, w_dim: int, batch_size: int) -> TrainingConfig:
    """Settings of StyleGAN2 for small pictures. Source: Karras et al. 2020, appendix B; Karras et al. 2020b, table 7.

    Args:
        facts: The pictures.
        largest: Feature maps at 4 to 16 px; half as many at each doubling from there on.
        w_dim: Length of z and w.
        batch_size: Pictures shown at once.
    """
    levels = max(1, facts.resolution.bit_length() - 2)
    widths = tuple(max(1, largest >> max(0, level - 2)) for level in range(levels))
    network = {**_pictures(facts), "z_dim": w_dim, "w_dim": w_dim, "label_width": w_dim,
               "widths": widths, "mapping_widths": (w_dim,) * 4}  # fmt: skip
    parts = {"r1": {"gamma": 1.0, "interval": 16}}
    return TrainingConfig(
        "stylegan2",
        network,
        parts=parts,
        batch_size=batch_size,
        generator_lr=2.5e-3,
        discriminator_lr=2.5e-3,
        beta1=0.0,
    )


def _refuse_odd_sizes(resolution: int) -> str:
    if resolution >= 16 and not resolution & (resolution - 1):
        return ""
    return f"StyleGAN2 draws 32, 64 or 128 px, not {resolution}: choose such a size for the pictures."


PRESETS.add(
    "quick",
    Preset(
        "Quick look", "A small DCGAN for a first impression: shapes and colours within minutes, no fine detail.", _quick
    ),
)
PRESETS.add(
    "balanced",
    Preset("Balanced", "A DCGAN that a laptop trains in an hour or two. Take this one when in doubt.", _balanced),
)
PRESETS.add(
    "thorough",
    Preset(
        "Thorough",
        "A large DCGAN for a night on a laptop or an hour on a GPU: the finest detail of the DCGANs.",
        _thorough,
    ),
)
PRESETS.add(
    "first_gan",
    Preset(
        "The first GAN",
        "Plain fully connected networks as in the first paper of 2014: fast on small grey pictures, grainy on others.",
        _first_gan,
    ),
)
PRESETS.add(
    "style",
    Preset(
        "StyleGAN2, narrow",
        "A small network with a mapping: truncation, layers to mix, cleaner sliders. An hour or two on a laptop at "
        "64 px.",
        _style,
        _refuse_odd_sizes,
    ),
)
PRESETS.add(
    "style_wide",
    Preset(
        "StyleGAN2, wider",
        "The same with twice the feature maps, for finer detail: minutes on a GPU, most of a day without one.",
        _style_wide,
        _refuse_odd_sizes,
    ),
)
