"""The curves of the run shown, with what happened on the way."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.gui.services.training_session import TrainingSession
from ganstudio.gui.widgets.curves import Mark
from ganstudio.gui.widgets.run_curves import RunCurves
from ganstudio.training.runs.comparing import say_settings
from ganstudio.training.runs.run_history import RunHistory, series


class RunPlots(QWidget):
    """Shows what the session's record has of numbers.

    Args:
        session: Whose record is shown.
    """

    def __init__(self, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.curves = RunCurves(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.curves)

    def refresh(self) -> None:
        """Show the record as it is now."""
        history = self._session.history
        shown = {name: series([*history.scalars, *history.scores], name) for name in self.curves.names()}
        shown |= {"fid": _fid_of(history.scores)}
        for name in ("kid", "frechet"):
            shown |= _bounds(history.scores, name)
        self.curves.show_unit(self._session.unit)
        self.curves.show_series(shown)
        self.curves.show_marks(marks_of(history))


def marks_of(history: RunHistory) -> list[Mark]:
    """What stands out: the best moment, warnings, and changes of settings."""
    marks = [Mark(kimg, "warning", message) for kimg, message in history.warnings]
    for kimg, settings in history.changes:
        marks.append(Mark(kimg, "change", f"changed {say_settings(settings)}"))
    if history.best_kimg is not None:
        marks.append(Mark(history.best_kimg, "best", "best so far, by distance to held-out pictures"))
    return marks


def _bounds(scores: list[dict[str, float]], name: str) -> dict[str, tuple[list[float], list[float]]]:
    """A score less and plus its spread, where that was measured."""
    known = [line for line in scores if name in line and f"{name}_deviation" in line]
    x = [line["kimg"] for line in known]
    return {
        f"{name}_{side}": (x, [line[name] + sign * line[f"{name}_deviation"] for line in known])
        for side, sign in (("low", -1), ("high", 1))
    }


def _fid_of(scores: list[dict[str, float]]) -> tuple[list[float], list[float]]:
    """The points of the metric that is an FID, whatever the program that measured it calls it (fid50k_full ...)."""
    names = sorted({name for line in scores for name in line if name.lower().startswith("fid")})
    return series(scores, names[0]) if names else ([], [])
