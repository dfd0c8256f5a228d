"""A light network for few pictures, or for 256 px and more. Source: Liu et al. 2021 (FastGAN)."""

from ganstudio.training.config import TrainingConfig
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, powers_of_two, with_length

_SHARES = (16, 8, 4, 2, 2, 1, 0.5, 0.25, 0.125)  # of the width, at 4, 8, 16 ... px
_WIDTH = 32  # half the paper's, for machines without a GPU
_LEVELS = 4  # doublings up to 32 px, the least that the network draws


def few_pictures(facts: PictureFacts) -> TrainingConfig:
    """Unconditional, as in the paper; without the strengths of noise, which only its files have."""
    levels = max(_LEVELS, facts.resolution.bit_length() - 2)
    widths = tuple(max(8, int(share * _WIDTH)) for share in _SHARES[:levels])
    network = {"resolution": facts.resolution, "channels": facts.channels, "z_dim": 128, "widths": widths,
               "tanh": True, "noise": False}  # fmt: skip
    config = TrainingConfig(
        "fastgan", network, loss="hinge", batch_size=8, beta1=0.5, beta2=0.999, ema_kimg=5.0,
        rate_schedule="constant", parts={"diff_augment": {}, "feature_reconstruction": {}, "spectral_norm": {}},
    )  # fmt: skip
    return with_length(config, 200)


PRESETS.add(
    "few_pictures",
    Preset(
        "Few pictures",
        "A light network whose discriminator has to describe whole pictures: for a hundred to a thousand of them, and "
        "for 256 px and more. Hours on a laptop at 64 px, a GPU for large ones.",
        few_pictures,
        (powers_of_two,),
    ),
)
