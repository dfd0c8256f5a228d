"""How a player learns of a batch: whole or in parts, alone or with other processes, and in smaller parts when short."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ganstudio.networks.draws import Draws
from ganstudio.networks.peers import Peers
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingMemoryError, diverged
from ganstudio.training.game.averaging import average_together
from ganstudio.training.game.batch import Batch, Scalars
from ganstudio.training.game.memory import free_memory, is_memory_error, more_parts

Lose = Callable[[Batch], tuple[Tensor, Scalars]]


class Learner:
    """Descends along the mean gradient of a batch.

    Attributes:
        parts: A batch is taken in so many, one after another; more of them once the memory did not suffice.

    Args:
        config: The batch's size, and the parts to begin with.
        draws: All chance; each part draws its own rows of the same numbers.
        peers: Who shares the batch with this process.
        pack: Pictures that cannot be parted.
    """

    def __init__(self, config: TrainingConfig, draws: Draws, peers: Peers, pack: int) -> None:
        self.parts = config.accumulation
        self._doubts: list[Tensor] | None = None
        self._size = config.batch_size
        self._draws = draws
        self._peers = peers
        self._pack = pack

    def learn(
        self, batch: Batch, lose: Lose, optimizer: torch.optim.Optimizer, weights: list[nn.Parameter]
    ) -> tuple[Scalars, Tensor]:
        """Learn once.

        Where the memory does not suffice, this is tried again with the same chance in more parts.

        Args:
            batch: This process's share of the batch.
            lose: The loss of a part, and scalars.
            optimizer: Of the player that learns.
            weights: All that it learns.

        Returns:
            The means of the scalars over the parts, and the gradient's norm.

        Raises:
            TrainingDivergedError: The loss or a gradient is no number; nothing was learned.
            TrainingMemoryError: The memory does not suffice for the smallest part.
        """
        if self._doubts is not None:
            return self._learn_in_doubt(batch, lose, optimizer, weights)
        scalars: Scalars | None = None
        while scalars is None:
            optimizer.zero_grad(set_to_none=True)
            chance, share = self._draws.generator.get_state(), self._draws.share
            try:
                played, scalars = self._take_gradients(batch, lose)
            except (RuntimeError, MemoryError) as error:
                self._take_more_parts(error)
            if scalars is None:  # what the failed try held is free now
                optimizer.zero_grad(set_to_none=True)
                free_memory(self._draws.device)
                self._draws.generator.set_state(chance)
                self._draws.share = share
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        average_together([*gradients, played], self._peers)
        norm = nn.utils.get_total_norm(gradients)
        if not math.isfinite(float(played + norm)):
            raise diverged()
        optimizer.step()
        return scalars, norm

    @contextmanager
    def deferring(self) -> Iterator[list[Tensor]]:
        """Ask nothing of the device: learn where all numbers are numbers, and leave it to others to find out.

        For rounds that are recorded, of one process and whole batches, with an Adam that is fused.

        Yields:
            Filled with a scalar each time somebody learns: 1 where a number was none and nothing was learned, else 0.
        """
        self._doubts = []
        try:
            yield self._doubts
        finally:
            self._doubts = None

    def _learn_in_doubt(
        self, batch: Batch, lose: Lose, optimizer: torch.optim.Optimizer, weights: list[nn.Parameter]
    ) -> tuple[Scalars, Tensor]:
        optimizer.zero_grad(set_to_none=True)
        played, scalars = self._take_gradients(batch, lose)
        norm = nn.utils.get_total_norm([weight.grad for weight in weights if weight.grad is not None])
        doubt = torch.isfinite(played + norm).logical_not().float()
        assert self._doubts is not None  # noqa: S101 - else this is not called
        self._doubts.append(doubt)
        optimizer.found_inf = doubt  # type: ignore[attr-defined] # which fused optimisers heed (see torch.amp)
        try:
            optimizer.step()
        finally:
            del optimizer.found_inf  # type: ignore[attr-defined]
        return scalars, norm

    def _take_gradients(self, batch: Batch, lose: Lose) -> tuple[Tensor, Scalars]:
        """Add up the gradients of the parts of a batch; the sum of their losses, and the scalars' means."""
        total = self.parts
        sums: Scalars = {}
        played = torch.zeros((), device=self._draws.device)
        for part in self._in_parts(batch, total):
            loss, scalars = lose(part)
            played += loss.detach()
            (loss / total if total > 1 else loss).backward()  # type: ignore[no-untyped-call]
            for name, value in scalars.items():
                sums[name] = sums[name] + value / total if name in sums else value / total
        return played, sums

    def _in_parts(self, batch: Batch, total: int) -> Iterator[Batch]:
        """The parts of a batch; chance begins anew for each, so that each draws its own rows of the same numbers."""
        start = self._draws.generator.get_state() if total > 1 else None
        for index, part in enumerate(batch.parts(total)):
            if start is not None:
                self._draws.generator.set_state(start)
            with self._draws.part(index, total):
                yield part

    def _take_more_parts(self, error: BaseException) -> None:
        """Take batches in more parts from now on, where an error says that the memory does not suffice.

        Raises:
            TrainingMemoryError: They cannot be parted further, or not by one process of several.
        """
        if not is_memory_error(error):
            raise error
        if self._peers.total > 1:  # the others would wait for what this one does in other steps
            reason = f"the memory does not suffice for a batch in {self.parts} parts"
            raise TrainingMemoryError("training", reason, "resume with twice the accumulation") from error
        self.parts = more_parts(self._size, self.parts, self._pack)
