"""Batch normalisation over a batch that several processes share."""

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ganstudio.networks.peers import Peers, current_peers


class SharedBatchNorm1d(nn.BatchNorm1d):
    """Normalises vectors by the statistics of the whole batch where it is shared, else as its base does.

    Its weights, running values and their names are those of the base.
    """

    def forward(self, values: Tensor) -> Tensor:
        """Map `(N, C)` or `(N, C, L)` to the same shape."""
        shared = _normalise(self, values)
        return super().forward(values) if shared is None else shared


class SharedBatchNorm2d(nn.BatchNorm2d):
    """The same for maps."""

    def forward(self, values: Tensor) -> Tensor:
        """Map `(N, C, H, W)` to the same shape."""
        shared = _normalise(self, values)
        return super().forward(values) if shared is None else shared


def share_batch_norms(network: nn.Module, peers: Peers) -> None:
    """Let the batch normalisations of a network share their statistics; does nothing for one process alone."""
    if peers.total == 1:
        return
    for parent in list(network.modules()):
        for name, child in list(parent.named_children()):
            if type(child) in _SHARED:
                setattr(parent, name, _shared(child))


_SHARED: dict[type[nn.Module], type[_BatchNorm]] = {
    nn.BatchNorm1d: SharedBatchNorm1d,
    nn.BatchNorm2d: SharedBatchNorm2d,
}


def _shared(layer: nn.Module) -> nn.Module:
    assert isinstance(layer, _BatchNorm)  # noqa: S101 - a key of _SHARED
    with torch.device("meta"):
        shared = _SHARED[type(layer)](
            layer.num_features, layer.eps, layer.momentum, layer.affine, layer.track_running_stats
        )
    shared.load_state_dict(layer.state_dict(), assign=True)
    return shared.train(layer.training)


def _normalise(layer: _BatchNorm, values: Tensor) -> Tensor | None:
    """Normalise by the mean and variance of all processes; None where there is nothing to share.

    Source: Ioffe & Szegedy 2015, algorithm 1.
    """
    peers = current_peers()
    if not layer.training or peers.total == 1:
        return None
    values = values.to(torch.promote_types(values.dtype, torch.float32))
    dims = [dim for dim in range(values.ndim) if dim != 1]
    shape = [1, -1, *[1] * (values.ndim - 2)]
    mean = peers.mean(values.mean(dims))
    centred = values - mean.view(shape)
    variance = peers.mean(centred.square().mean(dims))
    _track(layer, mean, variance, values.numel() // values.shape[1] * peers.total)
    scale = (variance + layer.eps).rsqrt()
    if not layer.affine:
        return centred * scale.view(shape)
    return torch.addcmul(layer.bias.view(shape), centred, (scale * layer.weight).view(shape))


@torch.no_grad()
def _track(layer: _BatchNorm, mean: Tensor, variance: Tensor, count: int) -> None:
    """Move the running values; the variance without bias, as the base keeps it."""
    if layer.running_mean is None or layer.running_var is None or layer.num_batches_tracked is None:
        return
    layer.num_batches_tracked.add_(1)
    share = 1 / float(layer.num_batches_tracked) if layer.momentum is None else layer.momentum
    layer.running_mean.lerp_(mean, share)
    layer.running_var.lerp_(variance * (count / max(count - 1, 1)), share)
