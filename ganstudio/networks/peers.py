"""Processes that share one batch, and what makes their shares act as the whole: gathering rows, sharing means.

Layers, losses and parts that compare the pictures of a batch ask `current_peers()`. A process alone gets its own batch
back, so that nothing needs to know how many there are. All of it can be differentiated, twice as well: the gradient
that a process gets for what it gave is the sum of what all made of it. When the gradients of weights are then averaged
over the processes, they are those of one process with the whole batch.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ganstudio.errors import GanStudioError
from ganstudio.networks.draws import Share


class PeersError(GanStudioError):
    """Another of the processes that train together is gone."""


@dataclass(frozen=True)
class Peers:
    """The processes that share a batch, seen from one of them.

    Attributes:
        share: Which part of each batch this one has; one alone has all.
    """

    share: Share = field(default_factory=Share)

    @property
    def total(self) -> int:
        """How many processes there are."""
        return self.share.total

    def gather(self, rows: Tensor) -> Tensor:
        """The rows `(total N, ...)` of all processes, of `rows` `(N, ...)` here, in the order of the whole batch.

        Raises:
            PeersError: Another process is gone.
        """
        if self.total == 1:
            return rows
        if not rows.is_floating_point():
            return _gather(rows, self)
        gathered: Tensor = _Gathered.apply(rows, self)  # type: ignore[no-untyped-call]
        return gathered

    def own(self, rows: Tensor) -> Tensor:
        """The rows `(N, ...)` of this process, of the `(total N, ...)` that `gather` gives."""
        return rows.chunk(self.total)[self.share.index]

    def mean(self, value: Tensor) -> Tensor:
        """The mean over all processes of a value of one shape.

        Raises:
            PeersError: Another process is gone.
        """
        if self.total == 1:
            return value
        mean: Tensor = _Mean.apply(value, self)  # type: ignore[no-untyped-call]
        return mean


ALONE = Peers()
_current: ContextVar[Peers] = ContextVar("peers", default=ALONE)


def current_peers() -> Peers:
    """Those with whom the batch at hand is shared; `ALONE` outside a round of a game that several play."""
    return _current.get()


@contextmanager
def sharing(peers: Peers) -> Iterator[None]:
    """Share the batches of this block; all of the processes must do the same in it."""
    token = _current.set(peers)
    try:
        yield
    finally:
        _current.reset(token)


class _Gathered(torch.autograd.Function):
    """Rows of all processes; their gradients come back summed, each to where the row came from."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, peers: Peers) -> Tensor:
        ctx.peers = peers
        return _gather(rows, peers)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _Scattered.apply(gradient, ctx.peers), None  # type: ignore[no-untyped-call]


class _Scattered(torch.autograd.Function):
    """The sum over all processes, of which each takes its own rows: what `_Gathered` is turned round."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, peers: Peers) -> Tensor:
        ctx.peers = peers
        return peers.own(_sum(rows)).clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _Gathered.apply(gradient, ctx.peers), None  # type: ignore[no-untyped-call]


class _Mean(torch.autograd.Function):
    """The mean over all processes, which is its own turning round."""

    @staticmethod
    def forward(ctx: Any, value: Tensor, peers: Peers) -> Tensor:
        ctx.peers = peers
        return _sum(value).div_(peers.total)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return _Mean.apply(gradient * 1.0, ctx.peers), None  # type: ignore[no-untyped-call]


def _gather(rows: Tensor, peers: Peers) -> Tensor:
    rows = rows.contiguous()
    whole = [torch.empty_like(rows) for _ in range(peers.total)]
    together(lambda: torch.distributed.all_gather(whole, rows))
    return torch.cat(whole)


def _sum(value: Tensor) -> Tensor:
    total = value.clone(memory_format=torch.contiguous_format)
    together(lambda: torch.distributed.all_reduce(total))
    return total


def together(act: Callable[[], object]) -> None:
    """Do what all processes must do at once.

    Raises:
        PeersError: Another process is gone, or did not come for very long.
    """
    try:
        act()
    except RuntimeError as error:
        reason = f"another of its processes ended or does not answer ({' '.join(str(error).split())[:160]})"
        remedy = "look at what that one said, then resume from the last saved state"
        raise PeersError("training", reason, remedy) from error
