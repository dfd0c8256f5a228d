"""Batches of real pictures for the two players, in an order that depends on the seed and on the position alone."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from ganstudio.devices import free_bytes
from ganstudio.images import from_uint8
from ganstudio.training.config import CLASS_BALANCES, TrainingConfig
from ganstudio.training.data_order import BalancedOrder, DataOrder, Indices, Order
from ganstudio.training.game.pair import Batch, Pair

_RESIDENT = 4  # pictures stay on a GPU where they take at most one part in so many of its free memory
_AT_ONCE = 1024  # pictures brought there together
_PARTNERS = 1_000_003  # added to the seed: the generator's partners come in an order of their own


class TrainingPictures(Protocol):
    """Prepared pictures as the trainer needs them (see `datasets.prepared`)."""

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """uint8 `(N, H, W, C)`, usually mapped from a file."""

    @property
    def labels(self) -> npt.NDArray[np.int64] | None:
        """Classes `(N,)`, or None."""

    @property
    def class_names(self) -> Sequence[str]:
        """Names of the classes, in order of their numbers."""

    @property
    def digest(self) -> str:
        """Changes when the pictures change."""


class PictureFeed:
    """Gives this process its share of each batch of the pictures that are trained on.

    Args:
        pictures: All pictures.
        shown: Which of them are trained on.
        pair: Whom they are for: its device, batch size, seed and share.
    """

    def __init__(self, pictures: TrainingPictures, shown: Indices, pair: Pair) -> None:
        self._pictures = pictures
        self._device = pair.device
        self._share = pair.draws.share
        self._size = pair.config.batch_size
        self._has_labels = pictures.labels is not None and bool(pair.generator.spec.num_classes)
        self._order = _order(pictures, shown, pair.config, pair.config.seed)
        self._partners = _order(pictures, shown, pair.config, pair.config.seed + _PARTNERS)
        self._shown = self._partners_given = 0
        self._resident = _keep_on(pair.device, pictures.pixels)

    def go_to(self, images: int) -> None:
        """Go on after so many pictures shown, at the beginning of a round."""
        self._shown, self._partners_given = images, 0

    def take(self) -> Batch:
        """See `Feed`."""
        rows = self._order.batch(self._shown, self._size)
        self._shown += self._size
        self._partners_given = 0
        return self._batch(rows)

    def partners(self) -> Batch:
        """See `Feed`."""
        rows = self._partners.batch(self._shown + self._partners_given * self._size, self._size)
        self._partners_given += 1
        return self._batch(rows)

    def _batch(self, rows: Indices) -> Batch:
        own = np.array_split(rows, self._share.total)[self._share.index]
        images = self._images(own)
        labels = self._pictures.labels
        if labels is None or not self._has_labels:
            return Batch(images, None)
        return Batch(images, torch.from_numpy(np.asarray(labels[own], dtype=np.int64)).to(self._device))

    def _images(self, rows: Indices) -> torch.Tensor:
        if self._resident is None:
            return from_uint8(self._pictures.pixels[rows], self._device)
        return from_uint8(self._resident[torch.from_numpy(rows).to(self._device)])


def _order(pictures: TrainingPictures, shown: Indices, config: TrainingConfig, seed: int) -> Order:
    """In which order pictures come; classes can only be balanced where there are some."""
    exponent = CLASS_BALANCES[config.class_balance]
    if pictures.labels is None or exponent == 1:
        return DataOrder(shown, seed)
    return BalancedOrder(shown, np.asarray(pictures.labels[shown], dtype=np.int64), exponent, seed)


def _keep_on(device: torch.device, pixels: npt.NDArray[np.uint8]) -> torch.Tensor | None:
    """Bring all pictures to a GPU, once, where they take no more than a quarter of what is free there."""
    if pixels.nbytes > free_bytes(device) // _RESIDENT:
        return None
    resident = torch.empty(pixels.shape, dtype=torch.uint8, device=device)
    for start in range(0, len(pixels), _AT_ONCE):  # mapped from a file, and not all of it in memory at once
        resident[start : start + _AT_ONCE] = torch.from_numpy(np.array(pixels[start : start + _AT_ONCE]))
    return resident


class RepeatedBatch:
    """Gives one batch over and over: for measuring how long a round takes.

    Args:
        batch: The batch.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def take(self) -> Batch:
        """See `Feed`."""
        return self._batch

    def partners(self) -> Batch:
        """See `Feed`."""
        return self._batch
