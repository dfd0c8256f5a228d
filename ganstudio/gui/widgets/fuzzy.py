"""Fuzzy search: which names a few letters could mean, best first."""

from collections.abc import Iterable


def rank(typed: str, names: Iterable[tuple[str, str]]) -> list[str]:
    """Order what matches.

    Args:
        typed: What was typed; spaces and case do not matter.
        names: Pairs of a key and the text to search in.

    Returns:
        Keys of all that hold the letters in this order; the tighter and the earlier in words, the sooner.
    """
    wanted = "".join(typed.lower().split())
    scored = [(score(wanted, text.lower()), place, key) for place, (key, text) in enumerate(names)]
    return [key for points, _place, key in sorted(scored, key=lambda item: (-item[0], item[1])) if points > 0]


def score(wanted: str, text: str) -> float:
    """How well `wanted` fits `text`, both in lower case; 0 when its letters are not all there in order."""
    if not wanted:
        return 1.0
    starts = [place for place, letter in enumerate(text) if letter == wanted[0]]
    return max((_score_from(wanted, text, start) for start in starts), default=0.0)


def _score_from(wanted: str, text: str, start: int) -> float:
    points, place, last = 0.0, start, start - 1
    for letter in wanted:
        place = text.find(letter, last + 1)
        if place < 0:
            return 0.0
        is_word_start = place == 0 or not text[place - 1].isalnum()
        points += 1.0 + (2.0 if is_word_start else 0.0) + (1.5 if place == last + 1 else 0.0)
        points -= 0.05 * (place - last - 1)
        last = place
    return max(points - 0.01 * start, 0.01)
