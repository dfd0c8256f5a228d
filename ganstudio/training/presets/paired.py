"""Relativistic pairing with R1 and R2: the loss that converges. Source: Huang et al. 2024, sections 2 to 4.

The strength of the penalties goes by the pictures' size (near the paper's settings for its sets of 32, 64 and 256 px,
in proportion to the pixels), and falls to a tenth over a run, as the learning rates fall to a quarter.
"""

from typing import Any

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, powers_of_two, with_length

_GAMMA_AT_32 = 0.5


def penalties(resolution: int) -> dict[str, dict[str, float]]:
    """Settings of R1 and R2 for pictures of a height in pixels."""
    gamma = max(0.1, _GAMMA_AT_32 * (resolution / 32) ** 2)
    return {name: {"gamma": gamma, "final_share": 0.1} for name in ("r1", "r2")}


def paired(network: str, values: dict[str, Any], resolution: int, **settings: Any) -> TrainingConfig:
    """The game on any network, for pictures of a height in pixels."""
    rates: dict[str, Any] = {"beta1": 0.0, "beta2": 0.99, "final_lr_fraction": 0.25, **settings}
    return TrainingConfig(network, values, loss="relativistic", parts=penalties(resolution), **rates)


def _residual(facts: PictureFacts) -> TrainingConfig:
    return with_length(_norm_free(facts, width=64, blocks=1, batch_size=32), 400)


def _residual_wide(facts: PictureFacts) -> TrainingConfig:
    return with_length(_norm_free(facts, width=192, blocks=2, batch_size=64), 5000)


def _norm_free(facts: PictureFacts, width: int, blocks: int, batch_size: int) -> TrainingConfig:
    """A residual pair; half as many feature maps at each doubling from 16 px on."""
    levels = max(1, facts.resolution.bit_length() - 2)
    widths = tuple(max(16, width >> max(0, level - 2)) for level in range(levels))
    network = {**picture_settings(facts), "z_dim": 64, "widths": widths,
               "cardinalities": tuple(own // 8 for own in widths), "blocks": (blocks,) * levels}  # fmt: skip
    del network["resolution"]  # this family tells it by the number of its stages
    return paired("r3gan", network, facts.resolution, batch_size=batch_size, ema_kimg=20.0)


PRESETS.add(
    "residual",
    Preset(
        "Modern, narrow",
        "A residual network without normalisation, judged in pairs: the most stable recipe known. Hours on a laptop.",
        _residual,
        (powers_of_two,),
    ),
)
PRESETS.add(
    "residual_wide",
    Preset(
        "Modern, wider",
        "The same three times as wide and twice as deep: hours on a GPU, days without one.",
        _residual_wide,
        (powers_of_two,),
    ),
)
