"""All architectures, imported by name so that a search and a frozen program both find them."""

from ganstudio.networks import dcgan, mlp, sequence, stylegan2
from ganstudio.networks.base import NETWORKS

__all__ = ["NETWORKS", "dcgan", "mlp", "sequence", "stylegan2"]
