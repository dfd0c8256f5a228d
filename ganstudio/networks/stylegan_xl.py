"""StyleGAN-XL: an alias-free generator grown in stages, its classes told by features of a pretrained network.

Its discriminators look through pretrained networks as well, which no checkpoint holds: it is opened, not trained. The
parts are in `alias_free/`. Source: Sauer et al. 2022.
"""

import torch
from torch import Tensor, nn

from ganstudio.networks.alias_free.config import StyleGANXLConfig
from ganstudio.networks.base import NETWORKS, Architecture
from ganstudio.networks.classes import ClassTable
from ganstudio.networks.style_layers import Dense
from ganstudio.networks.stylegan3 import AliasFreeGenerator


class PretrainedClasses(nn.Module):
    """The class's vector: the mean features of its pictures in a pretrained network, projected.

    Source: Sauer et al. 2022, section 3.2 ("Pretrained class embeddings").
    """

    def __init__(self, config: StyleGANXLConfig) -> None:
        super().__init__()
        self.embedding = ClassTable(config.embedding_rows, config.embedding_length)
        self.project = Dense(config.embedding_length, config.label_width, "lrelu")

    def forward(self, labels: Tensor) -> Tensor:
        """Map labels (see `classes`) to `(N, label_width)`."""
        vectors: Tensor = self.project(self.embedding(labels))
        return vectors


def build_generator(config: StyleGANXLConfig, random: torch.Generator) -> AliasFreeGenerator:
    """Make a generator with fresh weights; the class vectors are then random, too."""
    return AliasFreeGenerator(config, random, PretrainedClasses(config) if config.num_classes else None)


NETWORKS.add("stylegan_xl", Architecture(StyleGANXLConfig, build_generator))
