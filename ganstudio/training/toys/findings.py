"""When a game on points has collapsed or lost modes: since when, how sure, and what to do. Free of torch."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ganstudio.training.toys.measures import ToyScores
from ganstudio.training.toys.recipes import DEFAULT, RECIPES

LEARNED = 0.4  # share of a game after which it is judged: before, every game looks lost
COLLAPSED, UNEVEN = 0.5, 0.8  # shares of the modes that an even generator would need to be as narrow
SETTLED = 0.5  # share of good points from which on a place without any is not merely not reached yet
UNREACHED = 0.9  # of the divergence of even points that leave one place out: with less good points that is needed, too
AGREEING = 3  # measurements in a row that must agree, so that one bad moment is no alarm


@dataclass(frozen=True)
class ToyProgress:
    """How far a game has come.

    Attributes:
        rounds: Generator steps taken.
        share: Of the planned length, 0 to 1.
        scores: Of the averaged generator.
        scalars: The last values by name, as in `events.ScalarsLogged`.
    """

    rounds: int
    share: float
    scores: ToyScores
    scalars: dict[str, float]


@dataclass(frozen=True)
class ToyFinding:
    """One thing that is wrong with a game.

    Attributes:
        title: What, in a few words.
        since_rounds: When it began.
        confidence: How sure it is, 0 to 1: the share of the judged measurements that agree.
        advice: What it means and what to do.
        offer: The recipe, by its name in `RECIPES`, to start again with.
    """

    title: str
    since_rounds: int
    confidence: float
    advice: str
    offer: str = DEFAULT


def toy_findings(history: Sequence[ToyProgress]) -> tuple[ToyFinding, ...]:
    """Judge a game by its measurements, oldest first; nothing where all is well or too little is known."""
    judged = [progress for progress in history if progress.share >= LEARNED and progress.scores.total > 1]
    for title, (meaning, is_wrong) in _ILLS.items():
        wrong = [is_wrong(progress.scores) for progress in judged]
        if len(judged) >= AGREEING and all(wrong[-AGREEING:]):
            right = [index for index, own in enumerate(wrong) if not own]
            since = judged[right[-1] + 1 if right else 0]
            confidence = sum(wrong) / len(wrong)
            return (ToyFinding(title, since.rounds, confidence, _advise(judged[-1].scores, meaning)),)
    return ()


def found_evenly(scores: ToyScores) -> float:
    """The share of the modes that an even generator would need to be as narrow: exp(entropy) over their number."""
    return math.exp(-scores.divergence)


def _advise(scores: ToyScores, meaning: str) -> str:
    missing = scores.total - scores.modes
    lost = f"{missing} of {scores.total} modes get no good point" if missing else "all modes get points, but unevenly"
    return f"{meaning}: {lost}. Start again with “{RECIPES[DEFAULT].title}”, which has no such traps; packs help, too."


def _lacks_some(scores: ToyScores) -> bool:
    leaves_one_out = scores.divergence >= UNREACHED * math.log(scores.total / (scores.total - 1))
    never_found = scores.modes < scores.total and (scores.high_quality >= SETTLED or leaves_one_out)
    return never_found or found_evenly(scores) < UNEVEN


_ILLS: dict[str, tuple[str, Callable[[ToyScores], bool]]] = {
    "Mode collapse": (
        "The generator crowds into a few places that the discriminator believes in",
        lambda scores: found_evenly(scores) < COLLAPSED,
    ),
    "Missing modes": ("Some places get almost nothing", _lacks_some),
}
