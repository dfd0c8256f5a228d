"""Where a run's pictures come from, and the way from there into training: open, prepare, train."""

import contextlib
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from ganstudio.datasets.base import DatasetError
from ganstudio.datasets.catalogue import open_source
from ganstudio.datasets.checking import places_of
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.preparation import DatasetPrepared, PreparationEvent, prepare
from ganstudio.datasets.prepared import DatasetFacts, PreparedDataset
from ganstudio.devices import launched
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import RunFolderError
from ganstudio.training.events import TrainingEvent, silently
from ganstudio.training.runs.run_folder import RunFolder

Configure = Callable[[DatasetFacts], TrainingConfig]


@dataclass(frozen=True)
class Origin:
    """Where pictures come from and how they are prepared.

    Attributes:
        place: A path, or "avatars" with ":COUNT".
        preparation: How pictures are made equal.
        use_labels: Whether the network is to be told the classes, where there are some.
        left_out: Names of pictures that are not to be used: copies or outliers that a person does not want.
    """

    place: str
    preparation: PreparationConfig
    use_labels: bool = True
    left_out: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Values for `run.json`."""
        return {
            "place": self.place,
            "preparation": asdict(self.preparation),
            "use_labels": self.use_labels,
            "left_out": list(self.left_out),
        }

    @classmethod
    def of(cls, run: RunFolder) -> "Origin":
        """Read where a run's pictures came from.

        Raises:
            RunFolderError: The record lacks it or is damaged.
        """
        try:
            return cls.from_json(run.about().get("origin"))
        except DatasetError as error:
            reason = f"it does not say where its pictures came from ({error.reason})"
            raise RunFolderError(run.path / "run.json", reason, "start a new run with these pictures") from error

    @classmethod
    def from_json(cls, values: Any) -> "Origin":
        """Make one of values from a file.

        Raises:
            DatasetError: They are none.
        """
        try:
            preparation = PreparationConfig(**values["preparation"])
            left_out = tuple(map(str, values.get("left_out", ())))  # runs of before had none
            return cls(str(values["place"]), preparation, bool(values["use_labels"]), left_out)
        except (KeyError, TypeError, AttributeError) as error:
            raise DatasetError(
                "pictures", f"what is written of them cannot be read ({error})", "choose anew"
            ) from error


def prepare_and_train(
    origin: Origin, configure: Configure, run: RunFolder, resume: bool = False
) -> Iterator[PreparationEvent | TrainingEvent]:
    """Open and prepare pictures, then train on them.

    Args:
        origin: Where they come from.
        configure: Makes the settings when it is known what the pictures are; called with a class count of 0 where
            labels are not to be used.
        run: Where everything is written.
        resume: Go on from the newest whole state of `run`.

    Yields:
        The events of `datasets.preparation` and then those of `events`.

    Raises:
        DatasetError: The pictures cannot be opened or none is usable.
        TrainingError: See `trainer.train`.
    """
    with contextlib.ExitStack() as joined:
        prepared = yield from _prepare(origin) if launched().total == 1 else _prepare_together(origin, joined)
        dataset, left_out = prepared
        from ganstudio.training.trainer import train  # late: it loads torch, and this module must be quick to import

        yield from train(configure(_facts(origin, prepared)), dataset, run, resume, origin.to_json(), left_out)


def prepare_and_estimate(origin: Origin, configure: Configure) -> Iterator[object]:
    """Open and prepare pictures, then estimate what training on them will take; no run is begun.

    Yields:
        The events of `datasets.preparation` and then those of `probe`.

    Raises:
        DatasetError: The pictures cannot be opened or none is usable.
        NetworkConfigError: The network cannot be built.
    """
    prepared = yield from _prepare(origin)
    from ganstudio.training.probe import probe  # late, as above

    yield from probe(configure(_facts(origin, prepared)))


class _Prepared(NamedTuple):
    """Prepared pictures, and which of them are not to be used."""

    dataset: PreparedDataset
    left_out: Sequence[int]


def _facts(origin: Origin, prepared: _Prepared) -> DatasetFacts:
    facts = prepared.dataset.facts()
    facts = replace(facts, count=facts.count - len(prepared.left_out))
    return facts if origin.use_labels else replace(facts, class_count=0, class_names=())


def _prepare_together(origin: Origin, joined: contextlib.ExitStack) -> Generator[PreparationEvent, None, _Prepared]:
    """Let the first process of each machine prepare the pictures, and the others find them prepared.

    Only the very first tells of it. The processes stay `joined` until the caller's stack is left.
    """
    from ganstudio.training.processes import join_processes  # late, as above

    processes = joined.enter_context(join_processes())
    prepared: _Prepared | None = None
    for is_turn in (processes.local_rank == 0, processes.local_rank > 0):
        if is_turn:
            events = _prepare(origin)
            prepared = yield from events if processes.is_first else silently(events)
        if not processes.agree():
            raise DatasetError(origin.place, "another process could not prepare the pictures", "look at what it said")
    assert prepared is not None  # noqa: S101 - it was its turn once
    return prepared


def _prepare(origin: Origin) -> Generator[PreparationEvent, None, _Prepared]:
    source = open_source(origin.place)
    try:
        for event in prepare(source, origin.preparation):
            yield event
            if isinstance(event, DatasetPrepared):
                return _Prepared(event.dataset, places_of(origin.left_out, source, event.dataset))
    finally:
        source.close()
    raise DatasetError(origin.place, "preparing its pictures did not come to an end", "try again")
