"""Style-space files of StyleCLIP: pickles `S` (an array a layer) and `S_mean_std` (a pair of such lists), `fs3.npy`.

`fs3.npy` holds, for each of thousands of style channels, how it moves the picture in CLIP's space: no latents, but
what a text is turned into a direction with.
"""

from typing import Any

import numpy as np

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, Floats, LatentFile
from ganstudio.checkpoints.latents.vectors import check_finite
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData

_LAYERS = range(8, 65)
_MIN_CHANNELS = 1000
_CLIP_LENGTHS = (512, 640, 768, 1024)


class StyleSpace:
    """Reads lists of one array a layer, and tables of channels."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        tree = file.tree
        return _is_layers(tree) or _is_mean_and_deviation(tree) or _is_channel_table(file)

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:  # noqa: ARG002 - it leaves nothing open
        """See `LatentFormat`."""
        path, tree = file.path, file.tree
        if isinstance(tree, TensorData):
            vectors = check_finite(path, tree.array())
            facts = {"content": "effect of each style channel in CLIP's space", "channels": tree.shape[0]}
            return LatentFile(path, "style_space", "direction", "style", {"layer_0": vectors.T.copy()}, facts=facts)
        if _is_mean_and_deviation(tree):
            arrays = _layer_arrays(file, tree[0], "layer")
            deviations = _layer_arrays(file, tree[1], "deviation")
            return LatentFile(path, "style_space", "latent", "style", {**arrays, **deviations}, names=("mean",),
                              facts={"layers": len(arrays), "content": "mean and deviation of styles"})  # fmt: skip
        arrays = _layer_arrays(file, tree, "layer")
        if len({len(part) for part in arrays.values()}) != 1:
            raise CheckpointError(path, "its layers hold different numbers of styles", "make it again")
        return LatentFile(path, "style_space", "latent", "style", arrays, facts={"layers": len(arrays)})


def _is_layers(node: Any) -> bool:
    return (
        isinstance(node, list | tuple)
        and len(node) in _LAYERS
        and all(isinstance(part, TensorData) and 1 <= len(part.shape) <= 5 for part in node)
    )


def _is_mean_and_deviation(node: Any) -> bool:
    return isinstance(node, list | tuple) and len(node) == 2 and _is_layers(node[0]) and _is_layers(node[1])


def _is_channel_table(file: OpenedFile) -> bool:
    """A matrix of thousands of channels by the length of a CLIP vector; its name settles what its shape leaves open."""
    tree = file.tree
    if not isinstance(tree, TensorData) or len(tree.shape) != 2 or not file.path.stem.startswith("fs"):
        return False
    return tree.dtype.startswith("float") and tree.shape[0] >= _MIN_CHANNELS and tree.shape[1] in _CLIP_LENGTHS


def _layer_arrays(file: OpenedFile, layers: Any, title: str) -> dict[str, Floats]:
    """Each layer's styles as float32 `(N, C)`: the longest axis counts channels, the first, if another, latents."""
    arrays = {}
    for index, part in enumerate(layers):
        shape = tuple(size for size in part.shape if size != 1)
        if len(shape) > 2 or part.count == 0:
            raise CheckpointError(file.path, f"its layer {index} is of shape {list(part.shape)}", "make it again")
        values = check_finite(file.path, part.array()).reshape(shape or (1,))
        arrays[f"{title}_{index}"] = np.ascontiguousarray(np.atleast_2d(values))
    return arrays


LATENT_FORMATS.add("style_space", StyleSpace())
