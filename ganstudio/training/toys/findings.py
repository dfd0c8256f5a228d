"""When a game on points has collapsed or lost modes: since when, how sure, and what to do. Free of torch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganstudio.training.toys.table import ToyProgress

LEARNED = 0.4  # share of a game after which it is judged: before, every game looks lost
COLLAPSED, UNEVEN = 0.5, 0.8  # shares of the modes that are found evenly: exp(-divergence)


@dataclass(frozen=True)
class ToyFinding:
    """One thing that is wrong with a game.

    Attributes:
        title: What, in a few words.
        since_rounds: When it began.
        confidence: How sure it is, 0 to 1: the share of the judged measurements that agree.
        advice: What it means and what to do.
    """

    title: str
    since_rounds: int
    confidence: float
    advice: str


def toy_findings(history: "Sequence[ToyProgress]") -> tuple[ToyFinding, ...]:
    """Judge a game by its measurements, oldest first; nothing where all is well or too little is known."""
    judged = [progress for progress in history if progress.share >= LEARNED and progress.scores.total > 1]
    if len(judged) < 3:
        return ()
    found = (_judge(judged, *kind) for kind in _KINDS)
    first = next((finding for finding in found if finding is not None), None)
    return (first,) if first is not None else ()


def _judge(
    judged: "Sequence[ToyProgress]", title: str, lowest: float, highest: float, meaning: str
) -> ToyFinding | None:
    """The finding, where the last three measurements lie between two shares of modes found evenly."""
    shares = [_found_evenly(progress) for progress in judged]
    agrees = [lowest <= share < highest for share in shares]
    if not all(agrees[-3:]):
        return None
    start = len(agrees) - next((index for index, agree in enumerate(reversed(agrees)) if not agree), len(agrees))
    last = judged[-1].scores
    advice = (
        f"{last.modes} of {last.total} modes have points, not evenly: {meaning} Pairs with R1 and R2 find all of them; "
        "packs, or R1 alone, help as well."
    )
    return ToyFinding(title, judged[start].rounds, sum(agrees) / len(agrees), advice)


def _found_evenly(progress: "ToyProgress") -> float:
    """The share of modes that an even generator would need to be as narrow: exp(entropy) over their number."""
    divergence = progress.scores.divergence
    return math.exp(-divergence)


_KINDS = (
    ("Mode collapse", 0.0, COLLAPSED, "the generator repeats a few places that the discriminator believes in."),
    ("Missing modes", COLLAPSED, UNEVEN, "some places get almost nothing."),
)
