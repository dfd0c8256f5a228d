"""Main axes of w as e4e keeps them: `ganspace_pca/*.pt` with `comp` (K, 1, w_dim), `mean` and `std`."""

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, LatentFile
from ganstudio.checkpoints.latents.vectors import check_finite, chosen_space, could_be_vectors, read_vectors
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData


class E4ePca:
    """Reads the components as directions of w."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        tree = file.tree
        return isinstance(tree, dict) and set(tree) == {"comp", "mean", "std"} and could_be_vectors(tree["comp"])

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        path, tree = file.path, file.tree
        vectors = read_vectors(path, tree["comp"])
        mean, deviation = tree["mean"], tree["std"]
        if not isinstance(deviation, TensorData) or deviation.count != len(vectors):
            raise CheckpointError(path, "it has not one deviation for each component", "download it again")
        arrays = {"vectors": vectors}
        if isinstance(mean, TensorData) and mean.count == vectors.shape[-1]:
            arrays["mean"] = check_finite(path, mean.array()).reshape(-1)
        return LatentFile(
            path=path,
            format="e4e_pca",
            kind="direction",
            space=chosen_space(path, assumptions, "w"),
            arrays=arrays,
            names=tuple(f"component {index + 1}" for index in range(len(vectors))),
            deviations=tuple(float(value) for value in check_finite(path, deviation.array()).reshape(-1)),
        )


LATENT_FORMATS.add("e4e_pca", E4ePca())
