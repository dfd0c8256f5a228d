"""Classes, and blends of them: what stands for a class where a network looks one up.

Labels are int64 `(N,)`, one class for each picture, or float `(N, num_classes)`, the weight of each class for each
picture, which sum to 1: then what is looked up is the weighted mean of what the classes have.
"""

import torch
from torch import Tensor, nn


def look_up(table: Tensor, labels: Tensor) -> Tensor:
    """The rows `(N, D)` of a table `(num_classes or more, D)` that labels stand for."""
    if not labels.is_floating_point():
        return table[labels]
    return labels.to(table.dtype) @ table[: labels.shape[1]]


def class_weights(labels: Tensor, num_classes: int) -> Tensor:
    """Labels of either kind as weights float32 `(N, num_classes)`."""
    if labels.is_floating_point():
        return labels
    return nn.functional.one_hot(labels, num_classes).to(torch.float32)


def blend_classes(first: Tensor, second: Tensor, share: Tensor, num_classes: int) -> Tensor:
    """Weights `(N, num_classes)` that lead from classes int64 `(N,)` to others, `share` float `(N,)` of the way."""
    start, end = class_weights(first, num_classes), class_weights(second, num_classes)
    return torch.lerp(start, end, share[:, None].to(start))


class ClassTable(nn.Embedding):
    """A learned vector for each class; its weights are those of an `nn.Embedding`."""

    def forward(self, labels: Tensor) -> Tensor:
        """Map labels of either kind to `(N, D)`."""
        return look_up(self.weight, labels) if labels.is_floating_point() else super().forward(labels)
