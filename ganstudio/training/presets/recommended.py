"""The recipe for a person who only presses Start: chosen by what was measured, by how many pictures there are.

Pairs of real and generated pictures with R1 and R2, on the networks of "balanced". `recipe_comparison.py` among the
benchmarks measured it against the other losses on the same networks at equal processor time.
"""

from dataclasses import replace

from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, with_length
from ganstudio.training.presets.paired import paired

FEW = 10_000  # pictures, below which they are augmented
SMALL = 1_000  # pictures, below which a run is shorter: they are seen often enough
_GAMMA = 1.0  # up to 64 px; in proportion to the pixels above


def _recommended(facts: PictureFacts) -> TrainingConfig:
    network = {**picture_settings(facts), "z_dim": 64, "base_channels": 32, "max_channels": 128, "full_channels": 16}
    config = paired("dcgan", network, facts.resolution, generator_lr=3e-4, discriminator_lr=3e-4)
    gamma = _GAMMA * max(1.0, (facts.resolution / 64) ** 2)
    config = with_settings(config, {"r1.gamma": gamma, "r2.gamma": gamma})
    if facts.count is not None and facts.count < FEW:
        config = with_settings(config, {"diff_augment": True})
    length = 200 if facts.count is not None and facts.count < SMALL else 400
    return with_length(replace(config, ema_kimg=10.0), length)


def explain(facts: PictureFacts) -> str:
    """Why this recipe, for these pictures, in words."""
    reason = (
        "Judging in pairs, with R1 and R2, came closest to unseen pictures at equal time among the losses that were "
        "compared, and found all modes where others lost some."
    )
    if facts.count is None:
        return reason
    if facts.count < FEW:
        return f"{reason} {facts.count:,} pictures are few: they are augmented, else they are learned by heart."
    return f"{reason} {facts.count:,} pictures are enough to go without augmentation."


PRESETS.add(
    "recommended",
    Preset(
        "Recommended",
        "Judges real and generated pictures in pairs: steady on few pictures and on many. An hour or two on a laptop.",
        _recommended,
        group="recommended",
        explanation=explain,
    ),
)
