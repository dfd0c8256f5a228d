"""Generators and discriminators: one architecture a file, built from a frozen config.

`spec.py` says what every generator states about itself (no torch needed to read it), `base.py` holds the protocols and
the `NETWORKS` registry, `layers.py` the shared parts. What a picture may want of a network beside its latent are values
of their own: `noise.py` (which noise), `classes.py` (classes and blends of them), `layer_steps.py` (what is added to
styles and feature maps). To add a network: write a file with a config dataclass and two
builders, register an `Architecture` under its name, and import the file in `catalogue.py`.
"""
