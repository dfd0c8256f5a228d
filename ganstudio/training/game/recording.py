"""Rounds that are recorded once and replayed: on a GPU, small networks wait for the processor, which then has no part.

A recorded round is the same operations on the same memory, started by one call (CUDA graphs). Whatever a round decides
outside of tensors is fixed with it: `Part.branch` tells those decisions, and each combination has a recording of its
own. Pictures are copied to where the recording finds them; its chance goes on from the run's own generator. What is
read back, whether all numbers were numbers, comes a round late, so that the GPU never waits.
"""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from ganstudio.networks.draws import Draws
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import diverged
from ganstudio.training.game.batch import Batch, Feed, Scalars
from ganstudio.training.game.learning import Learner

logger = logging.getLogger(__name__)

WARM_UP = 2  # rounds of each kind that are played before one is recorded: kernels are chosen, memory is asked for
KEPT = 8  # recordings at once; each holds the memory of its round, shared where they take turns
STEPS_OF_SHARE = 64  # what changes gradually over a run changes in so many steps where rounds are recorded
LONGEST = 8  # discriminator steps in a round that is recorded


@dataclass(frozen=True)
class Learned:
    """What came of the learning in one round.

    Attributes:
        scalars: By name.
        shown: Real pictures shown to the discriminator by this process.
        latents: The z that the generator learned of last, and their classes; None where it waited.
    """

    scalars: Scalars
    shown: int
    latents: tuple[Tensor, Tensor | None] | None


@dataclass(frozen=True)
class Replayed:
    """What a recorded round leaves, in the same memory each time.

    Attributes:
        scalars: All in one, in their order.
        doubts: Above 0 where a player did not learn, because a number was none.
        learned: The rest.
    """

    scalars: Tensor
    doubts: Tensor
    learned: Learned


class Recording(Protocol):
    """Work that can be done again; made anew for each."""

    def record(self, work: Callable[[], Replayed]) -> None:
        """Take down what is to be done; it is not done yet.

        Raises:
            RuntimeError: It cannot be recorded.
        """

    def replay(self) -> Replayed:
        """Do it; what the work returned."""


class CudaRecording:
    """A CUDA graph.

    Args:
        draws: All chance of the work, on the GPU.
        stream: Where it is recorded.
        pool: Memory that recordings share.
    """

    def __init__(self, draws: Draws, stream: "torch.cuda.Stream", pool: Any) -> None:
        self._graph = torch.cuda.CUDAGraph()
        self._graph.register_generator_state(draws.generator)
        self._stream = stream
        self._pool = pool
        self._left: Replayed | None = None

    def record(self, work: Callable[[], Replayed]) -> None:
        """See `Recording`; other threads, such as that of the live picture, go on with theirs meanwhile."""
        torch.cuda.synchronize(self._stream.device)
        with torch.cuda.stream(self._stream):
            self._graph.capture_begin(pool=self._pool, capture_error_mode="thread_local")
            try:
                self._left = work()
            finally:
                self._graph.capture_end()

    def replay(self) -> Replayed:
        """See `Recording`."""
        assert self._left is not None  # noqa: S101 - recorded first
        self._graph.replay()
        return self._left


class HeldBatches:
    """The pictures of one round, given out again and again.

    Args:
        shown: For the discriminator, step by step.
        partners: For the generator to be compared with.
    """

    def __init__(self, shown: Sequence[Batch], partners: Sequence[Batch]) -> None:
        self._shown, self._partners = list(shown), list(partners)
        self.rewind()

    @classmethod
    def of(cls, feed: Feed, steps: int, comparisons: int) -> "HeldBatches":
        """Take what a round needs, in the order in which it would be asked for."""
        shown = [feed.take() for _ in range(steps)]
        return cls(shown, [feed.partners() for _ in range(comparisons)])

    @property
    def shape(self) -> Hashable:
        """Equal for rounds whose pictures fit into the same memory."""
        return tuple((tuple(batch.images.shape), batch.labels is None) for batch in self._all())

    def rewind(self) -> None:
        """Begin anew."""
        self._given = self._partners_given = 0

    def take(self) -> Batch:
        """See `Feed`."""
        self._given += 1
        return self._shown[self._given - 1]

    def partners(self) -> Batch:
        """See `Feed`."""
        self._partners_given += 1
        return self._partners[self._partners_given - 1]

    def copy(self) -> "HeldBatches":
        """The same in other memory."""
        return HeldBatches([_copy(batch) for batch in self._shown], [_copy(batch) for batch in self._partners])

    def copy_from(self, other: "HeldBatches") -> None:
        """Bring others of the same shape into this memory."""
        for own, batch in zip(self._all(), other._all(), strict=True):
            own.images.copy_(batch.images)
            if own.labels is not None and batch.labels is not None:
                own.labels.copy_(batch.labels)

    def _all(self) -> list[Batch]:
        return self._shown + self._partners


def _copy(batch: Batch) -> Batch:
    return Batch(batch.images.clone(), None if batch.labels is None else batch.labels.clone())


@dataclass(frozen=True)
class _Kept:
    """A recording and what belongs to it.

    Attributes:
        recording: What is replayed.
        held: Where it finds its pictures.
        names: Of the scalars, in their order.
    """

    recording: Recording
    held: HeldBatches
    names: list[str]


Work = Callable[[Feed], Learned]


class Recorder:
    """Plays rounds by replaying them, and in the usual way until there is a recording.

    Attributes:
        replayed: Rounds that were.
        refusal: Why rounds are not recorded any more; "" while they are.

    Args:
        learner: Whose doubts are collected instead of raised at once.
        draws: All chance.
        make: A fresh recording; None for CUDA graphs.
    """

    def __init__(self, learner: Learner, draws: Draws, make: Callable[[], Recording] | None = None) -> None:
        self.replayed = 0
        self.refusal = ""
        self._learner = learner
        self._draws = draws
        self._stream = torch.cuda.Stream(draws.device) if make is None else None  # type: ignore[no-untyped-call]
        self._pool = torch.cuda.graph_pool_handle() if make is None else (0, 0)
        self._make = make or self._make_graph
        self.forget()

    def forget(self) -> None:
        """Drop all recordings: the memory that they work on is not that of the networks any more."""
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._played: Counter[Hashable] = Counter()
        self._verdict: _Verdict | None = None

    def play(self, key: Hashable, held: HeldBatches, work: Work) -> Learned:
        """Play a round.

        Args:
            key: Equal for rounds of the same operations.
            held: Its pictures.
            work: Plays it with given pictures, in the usual way.

        Raises:
            TrainingDivergedError: In this round or the one before a loss or gradient was no number; the player whose it
                was did not learn then.
        """
        key = (key, held.shape)
        if self.refusal or self._learner.parts > 1 or self._played[key] < WARM_UP:
            self._played[key] += 1
            return self._play_as_always(held, work)
        if key not in self._kept and not self._record(key, held, work):
            return self._play_as_always(held, work)
        self._kept.move_to_end(key)
        return self._replay(self._kept[key], held)

    def _play_as_always(self, held: HeldBatches, work: Work) -> Learned:
        if self._stream is None:
            return work(held)
        here = torch.cuda.current_stream(self._draws.device)
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):  # where it is recorded: gradients remember their stream
            learned = work(held)
        here.wait_stream(self._stream)
        return learned

    def _record(self, key: Hashable, held: HeldBatches, work: Work) -> bool:
        """Record a round; where that fails, none is recorded again."""
        own, names = held.copy(), list[str]()
        chance = self._draws.generator.get_state()

        def learn() -> Replayed:
            own.rewind()
            with self._learner.deferring() as doubts:
                learned = work(own)
            names[:] = learned.scalars
            scalars = torch.stack([value.float() for value in learned.scalars.values()])
            return Replayed(scalars, torch.stack(doubts).sum(), learned)

        while len(self._kept) >= KEPT:
            self._kept.popitem(last=False)
        try:
            recording = self._make()
            recording.record(learn)
        except RuntimeError as error:
            self._refuse(error, chance)
            return False
        self._kept[key] = _Kept(recording, own, names)
        return True

    def _replay(self, kept: _Kept, held: HeldBatches) -> Learned:
        kept.held.copy_from(held)
        left = kept.recording.replay()
        before, self._verdict = self._verdict, _Verdict(left.doubts)
        self.replayed += 1
        if before is not None and before.is_bad:
            raise diverged()
        own = left.scalars.clone().unbind()  # the recording's memory is written again in the next round
        return replace(left.learned, scalars=dict(zip(kept.names, own, strict=True)))

    def _refuse(self, error: RuntimeError, chance: Tensor) -> None:
        self.refusal = " ".join(str(error).split())[:200]
        logger.warning("rounds of this recipe are not recorded, but played as always: %s", self.refusal)
        self._kept.clear()
        generator = torch.Generator(self._draws.device)  # the old one may still wait for the end of the recording
        self._draws.generator = generator.set_state(chance)

    def _make_graph(self) -> Recording:
        assert self._stream is not None  # noqa: S101 - made together
        return CudaRecording(self._draws, self._stream, self._pool)


class _Verdict:
    """Whether a number of a round was none, brought to the processor while the next round is played."""

    def __init__(self, doubts: Tensor) -> None:
        self._event: torch.cuda.Event | None = None
        if doubts.is_cuda:
            self._value = torch.empty((), dtype=doubts.dtype, pin_memory=True)
            self._value.copy_(doubts, non_blocking=True)
            self._event = torch.cuda.Event()  # type: ignore[no-untyped-call]
            self._event.record()
        else:
            self._value = doubts.clone()

    @property
    def is_bad(self) -> bool:
        """Waits for the end of that round."""
        if self._event is not None:
            self._event.synchronize()
        return bool(self._value > 0)


def may_record(config: TrainingConfig, device: torch.device, processes: int) -> bool:
    """Whether rounds are to be recorded, as far as settings and machine say.

    Args:
        config: Settings of the run.
        device: Where it is trained.
        processes: That share each batch.
    """
    wanted = config.recorded and not config.compiled and config.optimizer == "adam"
    return wanted and device.type == "cuda" and processes == 1 and config.accumulation == 1
