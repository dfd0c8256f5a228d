"""Caches of GANSpace: `{model}-{class}_{layer}_{estimator}_n{N}[_w].npz`, all components of one layer.

`lat_comp` are the steps in the latent space that the cache was made for (w where its name ends in `_w`, else z),
`lat_stdev` the deviations along them. Source: Härkönen et al. 2020, section 3.1.
"""

import re

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, Floats, LatentFile, Space
from ganstudio.checkpoints.latents.vectors import check_finite, chosen_space, could_be_vectors, read_vectors
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData

_KEYS = {"act_comp", "act_mean", "act_stdev", "lat_comp", "lat_mean", "lat_stdev"}
_NAME = re.compile(
    r"(?P<model>[^_]+?)-(?P<class>.+?)_(?P<layer>[^_]+)_(?P<estimator>[^_]+)_(?:c\d+_)?n(?P<samples>\d+).*"
)


class GanspaceCache:
    """Reads the components as directions."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        tree = file.tree
        return isinstance(tree, dict) and set(tree) >= _KEYS and could_be_vectors(tree["lat_comp"])

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        path, tree = file.path, file.tree
        vectors = read_vectors(path, tree["lat_comp"])
        deviations = _deviations(file, tree["lat_stdev"], len(vectors))
        in_w = path.stem.endswith("_w") or "_w_" in path.stem
        default: Space = "w" if in_w else "z"
        named = _NAME.fullmatch(path.stem)
        arrays = {"vectors": vectors, **_mean(file, vectors)}
        return LatentFile(
            path=path,
            format="ganspace",
            kind="direction",
            space=chosen_space(path, assumptions, default),
            arrays=arrays,
            names=tuple(f"component {index + 1}" for index in range(len(vectors))),
            deviations=deviations,
            facts=named.groupdict() if named else {},
            warnings=() if named else ("its name does not say its space as GANSpace's names do",),
        )


def _deviations(file: OpenedFile, node: object, count: int) -> tuple[float, ...]:
    if not isinstance(node, TensorData) or node.count != count:
        raise CheckpointError(file.path, f"it has not one deviation for each of {count} components", "make it again")
    return tuple(float(value) for value in check_finite(file.path, node.array()).reshape(-1))


def _mean(file: OpenedFile, vectors: Floats) -> dict[str, Floats]:
    node = file.tree["lat_mean"]
    if not isinstance(node, TensorData) or node.count != vectors.shape[-1]:
        return {}
    return {"mean": check_finite(file.path, node.array()).reshape(-1)}


LATENT_FORMATS.add("ganspace", GanspaceCache())
