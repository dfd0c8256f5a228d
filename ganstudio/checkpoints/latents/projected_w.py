"""Projections of pictures by NVIDIA's StyleGAN2-ADA and its descendants: `projected_w.npz` with w `(N, num_ws, w_dim)`.

Forks keep more under the same key (all steps of the projection) or name it "ws", "w_plus", "latents" or "z".
"""

from dataclasses import replace

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.latents.array_file import FileName, describe_vectors
from ganstudio.checkpoints.latents.base import LATENT_FORMATS, LatentFile
from ganstudio.checkpoints.latents.vectors import chosen_kind, could_be_vectors, read_vectors
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.tree import TensorData

_KEYS = ("w", "ws", "w_plus", "latents", "latent", "w_avg", "z")
_BESIDE = ("labels", "c", "seeds", "seed", "step", "psi", "noise")


class ProjectedW:
    """Reads the array of a known name; only numbers may stand beside it."""

    def detect(self, file: OpenedFile) -> bool:
        """See `LatentFormat`."""
        return _key(file.tree) is not None

    def read(self, file: OpenedFile, assumptions: Assumptions) -> LatentFile:
        """See `LatentFormat`."""
        key = _key(file.tree) or "w"
        vectors = read_vectors(file.path, file.tree[key], assumptions.get("space") == "w_plus" or key == "w_plus")
        said = {**({"space": key} if key in ("z", "w") and vectors.ndim == 2 else {}), **assumptions}
        found = describe_vectors(file, vectors, FileName(file.path.stem), said)
        kind = chosen_kind(file.path, assumptions, "latent")
        return replace(found, format="projected_w", kind=kind, facts={**found.facts, "key": key})


def _key(tree: object) -> str | None:
    if not isinstance(tree, dict) or not all(isinstance(value, TensorData) for value in tree.values()):
        return None
    keys = [key for key in _KEYS if key in tree]
    if not keys or not could_be_vectors(tree[keys[0]]):
        return None
    return keys[0] if set(tree) <= {*_KEYS, *_BESIDE} else None


LATENT_FORMATS.add("projected_w", ProjectedW())
