"""The processes that train one run together, as torchrun starts them; one alone where it did not.

Each plays its share of every batch; only the first writes, tells and scores. They stop at the same round, because all
say at its beginning whether they go on.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, distributed

from ganstudio.devices import Launched, launched, resolve_device
from ganstudio.networks.draws import Share
from ganstudio.networks.peers import ALONE, Peers, PeersError, together
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingConfigError

_PATIENCE = timedelta(hours=2)  # the others wait while one prepares pictures or measures a score


@dataclass(frozen=True)
class Processes:
    """Those who train together, seen from one of them.

    Attributes:
        peers: What the networks know of them.
        local_rank: The number of this one's GPU.
    """

    peers: Peers = ALONE
    local_rank: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.peers.total

    @property
    def is_first(self) -> bool:
        """Whether this one writes and tells."""
        return self.peers.share.index == 0

    def device(self, name: str) -> torch.device:
        """The device that the settings name; each has a GPU of its own.

        Raises:
            DeviceError: There is no such device.
        """
        device = resolve_device(name)
        if self.total > 1 and device.type == "cuda":
            device = resolve_device(f"cuda:{self.local_rank}")
            torch.cuda.set_device(device)
        return device

    def agree(self, goes_on: bool = True) -> bool:
        """Say whether this one goes on; returns whether all do. All must ask at the same time.

        Raises:
            PeersError: Another process is gone.
        """
        if self.total == 1:
            return goes_on
        answer = torch.tensor([int(goes_on)])
        together(lambda: distributed.all_reduce(answer, distributed.ReduceOp.MIN))
        return bool(answer.item())

    def leave(self) -> None:
        """Tell the others, who ask at the beginning of their next round, that this one stops."""
        try:
            self.agree(goes_on=False)
        except PeersError:
            return  # they have gone already

    @contextmanager
    def after_the_first(self) -> Iterator[None]:
        """Let all go on when the first has come through the block; the others pass by it by themselves.

        Raises:
            PeersError: The first could not.
        """
        try:
            yield
        except BaseException:
            self.leave()
            raise
        if not self.agree():
            raise PeersError("training", "the first of the processes could not begin", "look at what it said")

    def means(self, values: Mapping[str, float]) -> dict[str, float]:
        """The means over all processes of numbers that each has under the same names."""
        if self.total == 1:
            return dict(values)
        row = torch.tensor([values[name] for name in sorted(values)], dtype=torch.float64)
        together(lambda: distributed.all_reduce(row))
        return dict(zip(sorted(values), (row / self.total).tolist(), strict=True))

    def give_out(self, tensors: Iterable[Tensor]) -> None:
        """Replace tensors by those of the first process."""
        if self.total > 1:
            for tensor in tensors:
                sent = tensor.contiguous()
                together(lambda sent=sent: distributed.broadcast(sent, 0))  # type: ignore[misc]
                tensor.copy_(sent)

    def check(self, config: TrainingConfig) -> None:
        """Refuse settings by which a batch cannot be shared.

        Raises:
            TrainingConfigError: The batch has no equal parts for all.
        """
        if config.batch_size % (self.total * config.accumulation):
            parts = f"{self.total} processes" + (f" in {config.accumulation} parts each" * (config.accumulation > 1))
            reason = f"a batch of {config.batch_size} cannot be shared equally by {parts}"
            raise TrainingConfigError("batch_size", reason, "choose a multiple")


@contextmanager
def join_processes() -> Iterator[Processes]:
    """Meet the other processes that a launcher started; the same again inside.

    Raises:
        PeersError: They do not come.
    """
    who = launched()
    if who.total == 1:
        yield Processes()
    elif distributed.is_initialized():
        yield _seen_from(who)
    else:
        backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
        together(lambda: distributed.init_process_group(backend, timeout=_PATIENCE))
        try:
            yield _seen_from(who)
            with suppress(PeersError):  # others that were stopped have gone
                together(distributed.barrier)  # none goes while the first still writes
        finally:
            distributed.destroy_process_group()


def _seen_from(who: Launched) -> Processes:
    return Processes(Peers(Share(who.rank, who.total)), who.local_rank)
