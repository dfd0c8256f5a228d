"""A document that is changed every millisecond, with the real autosave, made to be killed.

Tells on a file what was done: `a SEED` before the change to it, `s SEED` when an autosave of it is complete.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from ganstudio.gui.document import Document
from ganstudio.gui.services.autosave import Autosave
from ganstudio.project import edits
from ganstudio.project.session import Session, claim_session


class ToldAutosave(Autosave):
    """Tells of every session that is on the disk."""

    def __init__(self, document: Document, path: Path, told: Path) -> None:
        super().__init__(document, path)
        self._told = told

    def _run_write(self, session: Session) -> None:
        super()._run_write(session)
        with self._told.open("a") as file:
            file.write(f"s {session.project.look.seed}\n")


def seeds_of(told: Path) -> tuple[int, int]:
    """The last seed that was applied, and the last whose autosave was complete."""
    last = {"a": 0, "s": 0}
    for line in told.read_text().splitlines(keepends=True):
        kind, _, seed = line.partition(" ")
        if line.endswith("\n") and kind in last:
            last[kind] = int(seed)
    return last["a"], last["s"]


def main(told: Path, delay_ms: int) -> None:
    """Change the document until killed."""
    app = QCoreApplication([])
    place, document = claim_session(), Document()
    if place.session is not None:
        document.resume(place.session)
    autosave = ToldAutosave(document, place.path, told)
    autosave._timer.setInterval(delay_ms)
    applied = told.open("a", buffering=1)

    def change() -> None:
        seed = document.state.look.seed + 1
        applied.write(f"a {seed}\n")
        document.apply("New Picture", edits.set_seed(document.state, seed))

    timer = QTimer(interval=1)
    timer.timeout.connect(change)
    timer.start()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
