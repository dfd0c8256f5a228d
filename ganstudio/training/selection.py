"""Which of the prepared pictures are trained on, which are held out, and which are neither."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np

from ganstudio.datasets.base import Pixels
from ganstudio.datasets.likeness import Likeness, compare_pictures
from ganstudio.training.config import TrainingConfig
from ganstudio.training.data_order import Indices, split_holdout
from ganstudio.training.events import CopiesLeftOut, CopiesSought


@dataclass(frozen=True)
class Selection:
    """Indices of pictures, sorted.

    Attributes:
        shown: Trained on.
        held: Held out.
    """

    shown: Indices
    held: Indices


def select_pictures(
    pixels: Pixels, config: TrainingConfig, left_out: Sequence[int] = ()
) -> Generator[CopiesSought | CopiesLeftOut, None, Selection]:
    """Split pictures by the settings; the same pictures and settings give the same split.

    Of pictures that are alike only the first stays, where that is wanted: else one of them could be held out while the
    other is learned by heart, and the score would praise it.

    Args:
        pixels: uint8 `(N, H, W, C)`.
        config: Its held-out share, seed and `leave_out_copies`.
        left_out: Pictures that a person does not want.

    Yields:
        CopiesSought now and then and CopiesLeftOut at the end, where copies are looked for.
    """
    shown, held = split_holdout(len(pixels), config.holdout, config.seed)
    shown, held = np.setdiff1d(shown, left_out), np.setdiff1d(held, left_out)
    if not config.leave_out_copies:
        return Selection(shown, held)
    extra: tuple[int, ...] = ()
    for found in compare_pictures(pixels):
        if isinstance(found, Likeness):
            extra = found.extra()
        else:
            yield CopiesSought(found.share)
    yield CopiesLeftOut(len(extra))
    return Selection(np.setdiff1d(shown, extra), np.setdiff1d(held, extra))
