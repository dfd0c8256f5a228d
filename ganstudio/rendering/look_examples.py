"""Latents of pictures that somebody picked or scored, as searches for directions take them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.opening import fitting
from ganstudio.rendering.renderer import Renderer


@torch.inference_mode()
def latents_of(renderer: Renderer, looks: Sequence[Look], directions: Sequence[OwnDirection] = ()) -> Tensor:
    """The w, or z for families without, `(N, D)` of looks, edits and truncation included; of w_plus the layers' mean.

    Raises:
        LookError: A look names what this model does not have.
    """
    renderer.latents.learn(fitting(directions, renderer.description))
    made = [renderer.latents.of((look,)) for look in looks]
    rows = [one.z if one.w_plus is None else one.w_plus.mean(dim=1) for one in made]
    return torch.cat(rows).float().cpu()
