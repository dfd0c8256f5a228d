"""GANStudio: a latent-space editor and trainer for generative adversarial networks.

The packages are rooms; who may import whom is written down in `pyproject.toml` (import-linter) and checked by the
tests. Only `ganstudio.gui` knows Qt. `ganstudio.images` states the one picture convention of the program.
"""

__version__ = "0.1.0"
