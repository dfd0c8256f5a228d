"""Optimisers and what becomes of their learning rates over a run."""

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from ganstudio.training.config import TrainingConfig


def make_optimizer(
    config: TrainingConfig, weights: Iterable[nn.Parameter], rate: float, recorded: bool = False
) -> torch.optim.Optimizer:
    """Make the optimiser that the settings name.

    Args:
        config: Names it.
        weights: What it changes.
        rate: The learning rate.
        recorded: Keep the rate on the device, where a recorded step reads it; Adam on a GPU only.

    Source: Kingma & Ba 2015 (Adam); Hinton 2012, lecture 6e (RMSprop, without momentum as in Arjovsky et al. 2017).
    """
    weights = list(weights)
    if config.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, rate)
    is_fused = weights[0].device.type in ("cpu", "cuda")
    betas = (config.beta1, config.beta2)
    if recorded:
        on_device = torch.tensor(rate, device=weights[0].device)
        return torch.optim.Adam(weights, on_device, betas, fused=True, capturable=True)
    return torch.optim.Adam(weights, rate, betas, fused=is_fused)


def set_rate(group: dict[str, Any], rate: float) -> None:
    """Set the learning rate of a group of weights, in place where it is on a device."""
    if isinstance(group["lr"], torch.Tensor):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


def learning_rate_factor(config: TrainingConfig, share: float) -> float:
    """What learning rates are multiplied by after `share`, 0 to 1, of a run: from 1 to `final_lr_fraction`."""
    final = config.final_lr_fraction
    if config.rate_schedule == "linear":
        return 1 - (1 - final) * share
    if config.rate_schedule == "constant":
        return 1.0
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * share))
