"""Averaging gradients over the processes that share a batch."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ganstudio.networks.peers import Peers, together


@torch.no_grad()
def average_together(tensors: Sequence[Tensor], peers: Peers) -> None:
    """Replace tensors by their means over all processes: all of them at once, as one long row.

    DistributedDataParallel does not go with gradients of gradients; this need not know how they came about.

    Args:
        tensors: The same number, in the same shapes, in every process.
        peers: Who they are; one alone keeps what it has.

    Raises:
        PeersError: Another process is gone.
    """
    if peers.total == 1:
        return
    row = torch.cat([tensor.flatten() for tensor in tensors])
    together(lambda: torch.distributed.all_reduce(row))
    row /= peers.total
    parts = torch.split(row, [tensor.numel() for tensor in tensors])
    for tensor, part in zip(tensors, parts, strict=True):
        tensor.copy_(part.view_as(tensor))
