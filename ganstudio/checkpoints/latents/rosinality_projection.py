"""Projections of rosinality's stylegan2-pytorch: `{picture file: {"img", "latent", "noise"}}`."""

from pathlib import PurePosixPath

import numpy as np

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, Floats, LatentFile, Space
from ganstudio.checkpoints.latents.vectors import chosen_space, could_be_vectors, read_vectors
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData


class RosinalityProjection:
    """Reads the latent of each picture."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        tree = file.tree
        return (
            isinstance(tree, dict)
            and bool(tree)
            and all(isinstance(entry, dict) and could_be_vectors(entry.get("latent")) for entry in tree.values())
        )

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        path = file.path
        rows = [_latent(file, entry) for entry in file.tree.values()]
        if len({row.shape for row in rows}) != 1:
            raise CheckpointError(path, "its latents are of different shapes", "project the pictures again")
        vectors = np.stack(rows)
        default: Space = "w_plus" if vectors.ndim == 3 else "w"
        return LatentFile(
            path=path,
            format="rosinality_projection",
            kind="latent",
            space=chosen_space(path, assumptions, default),
            arrays={"vectors": vectors},
            names=tuple(PurePosixPath(str(name).replace("\\", "/")).stem[:100] for name in file.tree),
            facts={"noise_maps": max(len(entry.get("noise") or ()) for entry in file.tree.values())},
        )


def _latent(file: OpenedFile, entry: dict[str, TensorData]) -> Floats:
    """One latent `(D,)` or `(L, D)`."""
    node = entry["latent"]
    vectors = read_vectors(file.path, node, layered=len(node.shape) == 2 and node.shape[0] > 1)
    first: Floats = vectors[0]
    return first


LATENT_FORMATS.add("rosinality_projection", RosinalityProjection())
