"""Teaches a network to read off latents what was read off their pictures, so that directions can be tried quickly."""

from collections.abc import Generator as Work

import torch
from torch import Tensor

from ganstudio.latent.directions import determination, split
from ganstudio.networks.latent_reader import LatentReader

BATCH = 256
_RATE = 5e-3


def learn_latents(
    latents: Tensor, values: Tensor, steps: int = 2000, seed: int = 0
) -> Work[float, None, tuple[LatentReader, Tensor]]:
    """Train a reader.

    Args:
        latents: `(N, D)`, at least ten.
        values: What was read off their pictures, `(N, F)`, in units of each factor's deviation.
        steps: How long.
        seed: Draws weights and batches.

    Yields:
        How much is done, 0 to 1.

    Returns:
        The reader, in evaluation mode, and its held-out R² `(F,)`.
    """
    random = torch.Generator().manual_seed(seed)
    fit, held = split(len(latents))
    mean, deviation = latents[fit].mean(0), latents[fit].std(0).clamp_min(1e-6)
    inputs = (latents - mean) / deviation
    reader = LatentReader(latents.shape[1], values.shape[1], random)
    optimizer = torch.optim.AdamW(reader.parameters(), _RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps)
    for step in range(steps):
        rows = fit[torch.randint(len(fit), (BATCH,), generator=random)]
        loss = (reader(inputs[rows]) - values[rows]).square().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        yield (step + 1) / steps
    with torch.no_grad():  # the scale of the latents goes into the first layer
        reader.first.weight.div_(deviation)
        reader.first.bias.sub_(reader.first.weight @ mean)
        quality = determination(reader(latents[held]), values[held])
    return reader.eval().requires_grad_(requires_grad=False), quality
