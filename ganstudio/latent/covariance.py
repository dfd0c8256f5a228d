"""The covariance of more rows than anybody wants to hold at once, and its main axes."""

import torch
from torch import Tensor

from ganstudio.latent.pca import PrincipalComponents, components_of


class RunningCovariance:
    """Mean and covariance of rows that come in batches; exact, in float64, whatever the batches.

    Args:
        length: Numbers in a row.

    Source: Chan et al. 1979 (Updating formulae and a pairwise algorithm for computing sample variances).
    """

    def __init__(self, length: int) -> None:
        self.count = 0
        self.mean = torch.zeros(length, dtype=torch.float64)
        self._scatter = torch.zeros(length, length, dtype=torch.float64)

    def add(self, rows: Tensor) -> None:
        """Take in rows `(N, length)`.

        Raises:
            ValueError: Values that are not finite.
        """
        if not len(rows):
            return
        rows = rows.detach().cpu().double()
        mean = rows.mean(0)
        if not mean.isfinite().all():
            raise ValueError("the rows hold values that are not finite")
        centred = rows - mean
        total = self.count + len(rows)
        shift = mean - self.mean
        self._scatter.addmm_(centred.T, centred)
        self._scatter.addr_(shift, shift, alpha=self.count * len(rows) / total)
        self.mean = self.mean + shift * (len(rows) / total)
        self.count = total

    def covariance(self) -> Tensor:
        """`(length, length)`, divided by the number of rows."""
        return self._scatter / max(1, self.count)

    def components(self, count: int) -> PrincipalComponents:
        """The `count` main axes; fewer where the rows span fewer.

        Raises:
            ValueError: Fewer than two rows, or all rows are the same.
        """
        if self.count < 2:
            raise ValueError(f"{self.count} rows have no main axes, at least 2 are needed")
        values, vectors = torch.linalg.eigh(self.covariance())
        values, vectors = values.flip(0).clamp_min(0), vectors.flip(1)
        if float(values[0]) <= 1e-24:
            raise ValueError("all rows are the same, so that there is nothing to find axes of")
        kept = int((values[:count] > 1e-10 * values[0]).sum())
        return components_of(self.mean, vectors.T[:kept], values[:kept], float(values.sum()))
