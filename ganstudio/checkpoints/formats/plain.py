"""Plain state_dicts and whole pickled modules of scripts: the network is rebuilt from names, shapes and evidence."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from ganstudio.checkpoints.base import (
    FORMATS,
    Assumptions,
    Checkpoint,
    CheckpointDescription,
    ComponentInfo,
    OpenedFile,
)
from ganstudio.checkpoints.rebuilding.assumed import recall
from ganstudio.checkpoints.rebuilding.candidates import Candidate, CandidateFound, SearchProgressed
from ganstudio.checkpoints.rebuilding.choosing import Contents, holds_network, study
from ganstudio.checkpoints.rebuilding.guesses import search_guessed

MAX_KEPT = 3
SURE = 0.6
_Key = tuple[Path, int, int, tuple[tuple[str, str], ...]]


class PlainFormat:
    """Detects, describes and reads generators of scripts; results are kept, because describing one is a search."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Candidate] = OrderedDict()
        self._lock = threading.Lock()

    def detect(self, file: OpenedFile) -> bool:
        """See `CheckpointFormat`."""
        return holds_network(file.tree, file.tensors)

    def describe(self, file: OpenedFile, assumptions: Assumptions) -> CheckpointDescription:
        """See `CheckpointFormat`; takes seconds, because what the file does not say is searched for."""
        contents = study(file.path, file.tree)
        return _describe(file.path, contents, *self._best(file, assumptions))

    def read(self, file: OpenedFile, assumptions: Assumptions) -> Checkpoint:
        """See `CheckpointFormat`."""
        contents = study(file.path, file.tree)
        best, chosen = self._best(file, assumptions)
        description = _describe(file.path, contents, best, chosen)
        return Checkpoint(description, best.config, dict(best.weights), dict(file.tensors))

    def prepare(self, file: OpenedFile, assumptions: Assumptions) -> Iterator[SearchProgressed]:
        """Do the search that `describe` and `read` would do, step by step, so that it can be seen and ended."""
        chosen, key = self._key(file, assumptions)
        with self._lock:
            known = key in self._kept
        if known:
            return
        for event in search_guessed(file, chosen):
            if isinstance(event, CandidateFound):
                self._keep(key, event.candidate)
                return
            yield event

    def _best(self, file: OpenedFile, assumptions: Assumptions) -> tuple[Candidate, bool]:
        """The best candidate, and whether somebody chose it."""
        chosen, key = self._key(file, assumptions)
        while True:  # what was found may be pushed out by another thread before it is taken
            for _progress in self.prepare(file, assumptions):
                pass
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key], bool(chosen)

    def _key(self, file: OpenedFile, assumptions: Assumptions) -> tuple[dict[str, str], _Key]:
        chosen = dict(assumptions) or recall(file.path)
        state = file.path.stat()
        return chosen, (file.path.absolute(), state.st_size, state.st_mtime_ns, tuple(sorted(chosen.items())))

    def _keep(self, key: _Key, candidate: Candidate) -> None:
        with self._lock:
            self._kept[key] = candidate
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)


def _describe(path: Path, contents: Contents, best: Candidate, chosen: bool) -> CheckpointDescription:
    components = {}
    for network in (contents.generator, *contents.others):
        name = network.part.place or network.part.prefix.rstrip(".") or network.role or "network"
        components[name] = ComponentInfo(network.role, network.part.class_name, network.part.parameters)
    return CheckpointDescription(
        path=path,
        format="state_dict",
        family="sequence",
        components=components,
        spec=best.spec,
        facts={**contents.settings, "why": list(best.reasons)},
        confidence=best.confidence,
        warnings=() if chosen else tuple(_warnings(best, contents)),
        assumptions=best.infos,
    )


def _warnings(best: Candidate, contents: Contents) -> list[str]:
    warnings = []
    guessed = ", ".join(f"{info.name}={info.value}" for info in best.infos if not info.told)
    if guessed:
        warnings.append(f"the file does not say {guessed}: found by evidence, change with --assume")
    if best.confidence < SURE:
        warnings.append(f"it is not sure that the network is rebuilt rightly ({best.confidence:.0%})")
    if contents.generator.part.class_name:
        warnings.append(f"a whole pickled module ({contents.generator.part.class_name}): its code was not run, only "
                        "its tensors and settings were taken")  # fmt: skip
    return warnings


FORMATS.add("state_dict", PlainFormat())
