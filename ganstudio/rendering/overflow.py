"""Pictures of numbers only, where a network overflows: nearer to a plain picture until it draws some.

Networks that multiply maps with the latent again in every block (conditional normalisation, styles) leave the range of
float32 at latents far beyond those of their training, and then give infinities and NaN.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from ganstudio.networks.layer_steps import LayerSteps
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.rendering.look_latents import Latents
from ganstudio.rendering.looks.look import Look

_SHARES = (*(0.5**halvings for halvings in range(1, 11)), 0.0)
_WILD = 1e3  # times the range of pictures


def is_finite(pictures: Tensor) -> bool:
    """Whether pictures `(N, C, H, W)` hold numbers only."""
    return math.isfinite(float(pictures.sum())) or bool(pictures.isfinite().all())  # sums are quick, but may overflow


def are_finite(pictures: Tensor) -> Tensor:
    """Whether each of pictures `(N, C, H, W)` holds numbers only, bool `(N,)`."""
    return pictures.flatten(1).isfinite().all(dim=1)


def is_ordinary(picture: Tensor, spec: GeneratorSpec) -> bool:
    """Whether something can be learned from a picture for others: it is finite and not far out of range."""
    low, high = spec.output_range
    return bool(picture.abs().amax() <= _WILD * (high - low))  # False for NaN


def plain_look(look: Look) -> Look:
    """What a look is without anything that leads away from its seed."""
    return Look(look.seed, label=look.label, noise=look.noise)


def draw_limited(
    synthesise: Callable[[Latents], Tensor], plain: Latents, wanted: Latents, spec: GeneratorSpec
) -> tuple[Tensor, str]:
    """Draw as much of what was wanted as gives numbers.

    Args:
        synthesise: Draws a picture `(1, C, H, W)`.
        plain: Of the plain look.
        wanted: What overflows.
        spec: Of the network.

    Returns:
        The picture, and what to tell a person.
    """
    picture = None
    for share in _SHARES:
        picture = synthesise(between(plain, wanted, share))
        if is_finite(picture):
            shown = f"{share:.1%} of what was asked for is shown" if share else "the plain picture of its seed is shown"
            return picture, f"the network overflows at these values: {shown}"
    assert picture is not None  # noqa: S101 - there are shares
    low, high = spec.output_range
    filled = torch.nan_to_num(picture, nan=(low + high) / 2, posinf=high, neginf=low)
    return (
        filled,
        "the network gives no numbers, not even for the plain picture of a seed: grey stands for what is missing",
    )


def between(plain: Latents, wanted: Latents, share: float) -> Latents:
    """Latents that are `share` of the way from plain ones to those that were wanted."""
    w_plus = plain.w_plus
    if w_plus is not None and wanted.w_plus is not None:
        w_plus = torch.lerp(w_plus, wanted.w_plus, share)
    styles = None if wanted.steps.styles is None or not share else wanted.steps.styles * share
    features = {number: step * share for number, step in wanted.steps.features.items()} if share else {}
    return replace(
        wanted,
        z=torch.lerp(plain.z, wanted.z, share),
        truncation=torch.lerp(plain.truncation, wanted.truncation, share),
        w_plus=w_plus,
        steps=LayerSteps(styles, features),
    )
