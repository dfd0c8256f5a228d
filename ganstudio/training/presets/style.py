"""StyleGAN2 for small pictures: a mapping network, whose w the editor's sliders steer.

Source: Karras et al. 2020, appendix B; Karras et al. 2020b, table 7.
"""

from dataclasses import replace
from typing import Any

from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, powers_of_two, with_length


def _style(facts: PictureFacts) -> TrainingConfig:
    return with_length(_style_config(facts, largest=64, w_dim=64, batch_size=16), 300)


def _style_wide(facts: PictureFacts) -> TrainingConfig:
    return with_length(replace(_style_config(facts, largest=128, w_dim=128, batch_size=64), ema_kimg=20.0), 2000)


def _style_config(facts: PictureFacts, largest: int, w_dim: int, batch_size: int) -> TrainingConfig:
    """Settings of a size.

    Args:
        facts: The pictures.
        largest: Feature maps at 4 to 16 px; half as many at each doubling from there on.
        w_dim: Length of z and w.
        batch_size: Pictures shown at once.
    """
    levels = max(1, facts.resolution.bit_length() - 2)
    widths = tuple(max(1, largest >> max(0, level - 2)) for level in range(levels))
    network = {**picture_settings(facts), "z_dim": w_dim, "w_dim": w_dim, "label_width": w_dim,
               "widths": widths, "mapping_widths": (w_dim,) * 4}  # fmt: skip
    rates: dict[str, Any] = {"generator_lr": 2.5e-3, "discriminator_lr": 2.5e-3, "beta1": 0.0}
    parts = {"r1": {"gamma": 1.0, "interval": 16}}
    return TrainingConfig("stylegan2", network, parts=parts, batch_size=batch_size, **rates)


def _style_adaptive(facts: PictureFacts) -> TrainingConfig:
    """With what keeps a few hundred pictures from being learned by heart, and with even steps in w."""
    return with_settings(_style(facts), {"adaptive_augmentation": True, "path_length": True})


PRESETS.add(
    "style",
    Preset(
        "StyleGAN2, narrow",
        "A small network with a mapping: truncation, layers to mix, cleaner sliders. An hour or two on a laptop at "
        "64 px.",
        _style,
        (powers_of_two,),
    ),
)
PRESETS.add(
    "style_ada",
    Preset(
        "StyleGAN2-ADA",
        "The narrow one with adaptive augmentation and even steps in w (path length): for a few hundred to some ten "
        "thousand pictures. Hours on a laptop.",
        _style_adaptive,
        (powers_of_two,),
    ),
)
PRESETS.add(
    "style_wide",
    Preset(
        "StyleGAN2, wider",
        "The same with twice the feature maps, for finer detail: minutes on a GPU, most of a day without one.",
        _style_wide,
        (powers_of_two,),
    ),
)
