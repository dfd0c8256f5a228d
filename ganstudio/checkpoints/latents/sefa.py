"""Closed-form factors of rosinality's stylegan2-pytorch: `{ckpt, eigvec}`, a direction of w in each column.

Source: Shen & Zhou 2021 (SeFa), eq. 3: eigenvectors of the weights that take w in.
"""

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, LatentFile
from ganstudio.checkpoints.latents.vectors import MAX_LENGTH, MIN_LENGTH, check_finite, chosen_space
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData


class SefaFactors:
    """Reads the columns as directions, strongest first."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        tree = file.tree
        return isinstance(tree, dict) and "eigvec" in tree and set(tree) <= {"ckpt", "eigvec"}

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        path, factors = file.path, file.tree["eigvec"]
        is_matrix = isinstance(factors, TensorData) and len(factors.shape) == 2 and factors.count > 0
        if not is_matrix or not MIN_LENGTH <= factors.shape[0] <= MAX_LENGTH:
            raise CheckpointError(path, "its eigvec is no matrix", "compute the factors again")
        vectors = check_finite(path, factors.array()).T.copy()
        origin = file.tree.get("ckpt")
        return LatentFile(
            path=path,
            format="sefa",
            kind="direction",
            space=chosen_space(path, assumptions, "w"),
            arrays={"vectors": vectors},
            names=tuple(f"factor {index + 1}" for index in range(len(vectors))),
            facts={"checkpoint": origin[:200]} if isinstance(origin, str) else {},
        )


LATENT_FORMATS.add("sefa", SefaFactors())
