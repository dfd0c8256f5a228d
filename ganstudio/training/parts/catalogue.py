"""All parts, imported by name so that a search and a frozen program both find them; in the order in which they act."""

from ganstudio.training.parts import (
    critic_to_optimality,
    diff_augment,
    gradient_penalty,
    instance_noise,
    label_smoothing,
    minibatch_discrimination,
    packing,
    path_length,
    r1,
    r2,
    spectral_norm,
    weight_clipping,
)
from ganstudio.training.parts.base import PARTS

__all__ = [
    "PARTS",
    "critic_to_optimality",
    "diff_augment",
    "gradient_penalty",
    "instance_noise",
    "label_smoothing",
    "minibatch_discrimination",
    "packing",
    "path_length",
    "r1",
    "r2",
    "spectral_norm",
    "weight_clipping",
]
