"""Compiling of the generator, where that is wanted and allowed.

Never the discriminator: penalties on its slope need its gradient's gradient, which compiled functions do not have.
"""

import logging

import torch

from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.training.config import TrainingConfig

logger = logging.getLogger(__name__)

BACKEND = "inductor"


def compile_generator(generator: Generator, config: TrainingConfig) -> bool:
    """Compile a generator in place at its first call; its weights and their names stay what they are.

    Where the machine cannot compile, torch says so in a warning of its own, and the generator works as before.

    Args:
        generator: Freshly built; copies made before are not compiled.
        config: Says whether that is wanted.

    Returns:
        Whether it will be. Generators with a mapping are drawn stage by stage, which leaves nothing to compile whole.
    """
    if not config.compiled or isinstance(generator, MappedGenerator):
        return False
    torch._dynamo.config.suppress_errors = True
    generator.compile(backend=BACKEND, dynamic=False)
    logger.info("the generator is compiled at its first round")
    return True
