"""What each layer of a synthesis takes on this machine, and how far one gets with it in a given time."""

from collections.abc import Sequence

FRAME_MS = 33.0  # thirty pictures a second
_SHARE_OF_FULL = 1 / 24  # where thirty a second are not to be had, a coarse picture comes in this part of the full time
_WORTH_IT = 2.0  # below so many frames the full picture itself is quick enough to wait for
_NEXT_COARSE = 4.0  # a finer preview follows where it is worth so many times the time of the last
_MEMORY = 0.7  # of an old measurement when a new one comes: a busy moment must not decide alone


class LayerCosts:
    """Milliseconds of each layer, measured while pictures are drawn.

    Args:
        num_layers: Layers of the synthesis.
        frame_ms: The time that a picture may take while a slider moves.
    """

    def __init__(self, num_layers: int, frame_ms: float = FRAME_MS) -> None:
        self._frame_ms = frame_ms
        self._ms: list[float | None] = [None] * num_layers

    def note(self, layer: int, elapsed_ms: float) -> None:
        """Take in what the layer of this number, from 0, took just now."""
        old = self._ms[layer]
        self._ms[layer] = elapsed_ms if old is None else _MEMORY * old + (1 - _MEMORY) * elapsed_ms

    def between(self, first: int, end: int) -> float | None:
        """Milliseconds from `first` layers done to `end` layers done; None while some was never measured."""
        total = 0.0
        for cost in self._ms[first:end]:
            if cost is None:
                return None
            total += cost
        return total

    @property
    def is_slow(self) -> bool:
        """Whether a full picture takes so long that coarse ones are worth while; False while nobody knows."""
        full = self.between(0, len(self._ms))
        return full is not None and full > _WORTH_IT * self._frame_ms

    def choose_previews(self, first: int, levels: Sequence[int]) -> list[int]:
        """After how many layers to show a coarse picture on the way from `first` layers to all.

        Args:
            first: Layers done already.
            levels: After how many layers there is something to show, ascending, the full picture not among them.

        Returns:
            Some of the levels, ascending: the finest that holds the frame budget, or the coarsest where none does,
            then finer ones as time goes by; none where the full picture is quick.
        """
        count, total = len(self._ms), self.between(first, len(self._ms))
        full = self.between(0, count)
        ahead = [level for level in levels if level > first]
        if total is None or full is None or total <= _WORTH_IT * self._frame_ms or not ahead:
            return []
        costs = {level: self.between(first, level) or 0.0 for level in ahead}
        budget = max(self._frame_ms, full * _SHARE_OF_FULL)
        in_time = [level for level in ahead if costs[level] <= budget]
        chosen = [in_time[-1] if in_time else ahead[0]]
        for level in ahead:
            is_later = costs[level] >= _NEXT_COARSE * max(costs[chosen[-1]], self._frame_ms)
            if level > chosen[-1] and is_later and costs[level] <= total / 2:
                chosen.append(level)
        return chosen
