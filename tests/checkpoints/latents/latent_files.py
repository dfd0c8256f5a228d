"""Writes files of latents and directions as other programs lay them out, with random numbers."""

import pickle
from pathlib import Path

import numpy as np

RANDOM = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


def unit(*shape: int) -> np.ndarray:
    values = normal(*shape)
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


def save_torch(path: Path, value) -> Path:
    import torch

    def convert(node):
        if isinstance(node, np.ndarray):
            return torch.from_numpy(node.copy())
        if isinstance(node, dict):
            return {key: convert(part) for key, part in node.items()}
        return [convert(part) for part in node] if isinstance(node, list) else node

    torch.save(convert(value), path)
    return path


def save_npy(path: Path, values: np.ndarray) -> Path:
    with path.open("wb") as file:  # given a path, numpy would add a suffix
        np.save(file, values)
    return path


def save_npz(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)
    return path


def save_pickle(path: Path, value) -> Path:
    path.write_bytes(pickle.dumps(value, protocol=3))
    return path


def write_ganspace_cache(path: Path, count: int = 5, length: int = 32) -> Path:
    components = unit(count, 1, length)
    return save_npz(
        path,
        act_comp=components,
        act_mean=normal(1, length),
        act_stdev=np.linspace(3, 1, count).astype(np.float32),
        lat_comp=components,
        lat_mean=normal(1, length),
        lat_stdev=np.linspace(3, 1, count).astype(np.float32),
        var_ratio=np.full(count, 0.1, np.float32),
        random_stdevs=np.full(count, 0.2, np.float32),
    )


def write_ganspace_edit(path: Path, length: int = 32) -> Path:
    edit = {
        "name": "Head tilt",
        "sigma_range": 4.0,
        "component_index": 7,
        "lat_comp": unit(1, length),
        "act_comp": unit(1, length),
        "lat_stdev": np.float32(1.5),
        "latent_space": "W",
        "edit_start": 0,
        "edit_end": 4,
        "edit_type": "latent",
        "truncation": 0.7,
        "model_name": "StyleGAN2",
        "output_class": "ffhq",
        "example_seed": 1234,
        "decomposition": {"name": "stylegan2-ffhq_style_ipca_c80_n1000000_w.npz"},
    }
    return save_pickle(path, edit)
