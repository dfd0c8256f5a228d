"""Numpy's npz: a zip of npy files."""

from typing import Any

from ganstudio.checkpoints.archives.zip_entry import ZipEntry
from ganstudio.checkpoints.npy import read_npy
from ganstudio.checkpoints.pickles.budget import Budget


def is_npz(entries: dict[str, ZipEntry]) -> bool:
    """Whether all entries are npy files."""
    return bool(entries) and all(name.endswith(".npy") for name in entries)


def read_npz(entries: dict[str, ZipEntry], file_size: int) -> dict[str, Any]:
    """Read into `{name without .npy: TensorData}`; raises ContentError."""
    budget = Budget(file_size)
    return {name.removesuffix(".npy"): read_npy(entry.data, budget) for name, entry in entries.items()}
