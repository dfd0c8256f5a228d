"""All architectures, imported by name so that a search and a frozen program both find them."""

from ganstudio.networks import (
    dcgan,
    fastgan,
    lightweight_gan,
    lucidrains_stylegan2,
    mlp,
    onnx_graph,
    point_mlp,
    r3gan,
    residual,
    sequence,
    stylegan1,
    stylegan2,
    stylegan3,
    stylegan_xl,
)
from ganstudio.networks.base import NETWORKS

__all__ = [
    "NETWORKS",
    "dcgan",
    "fastgan",
    "lightweight_gan",
    "lucidrains_stylegan2",
    "mlp",
    "onnx_graph",
    "point_mlp",
    "r3gan",
    "residual",
    "sequence",
    "stylegan1",
    "stylegan2",
    "stylegan3",
    "stylegan_xl",
]
