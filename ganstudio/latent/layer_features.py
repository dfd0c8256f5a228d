"""What a layer somewhere in a generator makes of many latents, as rows of numbers that can be compared."""

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from ganstudio.networks.base import Generator, MappedGenerator

MOST_NUMBERS = 8192  # of one picture; maps that have more are averaged down


class _Seen(Exception):  # noqa: N818 - no error: it ends a drawing whose rest nobody needs
    """The layer that was waited for has run."""


@torch.inference_mode()
def layer_features(generator: Generator, name: str, batches: Iterator[Tensor], space: str) -> Iterator[Tensor]:
    """Yield what a layer makes of batches of latents, float32 `(B, F)` on the CPU; the rest is not drawn.

    Args:
        generator: In evaluation mode; drawn with by nobody else meanwhile.
        name: Of a module of it, as `named_modules` and the layers view have it.
        batches: z or w `(B, D)`.
        space: Which of the two: "z" or "w".

    Raises:
        ValueError: There is no such layer, it gives no numbers, or drawing goes round it.
    """
    layer = dict(generator.named_modules()).get(name)
    if layer is None or not name:
        raise ValueError(f"this model has no layer {name!r}; choose one of its list")
    seen: list[Tensor] = []

    def keep(_layer: nn.Module, _inputs: object, output: object) -> None:
        parts = output if isinstance(output, tuple | list) else (output,)
        seen.extend(part for part in parts if isinstance(part, Tensor) and part.is_floating_point())
        raise _Seen

    hook = layer.register_forward_hook(keep)
    first = 0
    try:
        for latents in batches:
            seen.clear()
            with contextlib.suppress(_Seen):
                _draw(generator, latents.to(generator.device), space, first)
            first += len(latents)
            if not seen or len(seen[0]) != len(latents):
                raise ValueError(f"layer {name!r} makes nothing of each latent; choose another one")
            yield _as_rows(seen[0])
    finally:
        hook.remove()


def _draw(generator: Generator, latents: Tensor, space: str, first: int) -> None:
    labels = generator.labels_in_turn(first, len(latents))
    if space == "w" and isinstance(generator, MappedGenerator):
        generator.synthesise(latents[:, None].expand(-1, generator.spec.num_ws, -1))
    else:
        generator(latents, labels)


def _as_rows(output: Tensor) -> Tensor:
    """Maps `(B, C, H, W)` or vectors as rows of at most `MOST_NUMBERS`, float32 on the CPU."""
    if output.ndim == 4:
        channels, height, width = output.shape[1:]
        side = max(1, int((MOST_NUMBERS / channels) ** 0.5))
        if side < min(height, width):
            output = adaptive_avg_pool2d(output.float(), side)
    rows = output.flatten(1).float().cpu()
    return rows[:, :: max(1, -(-rows.shape[1] // MOST_NUMBERS))]
