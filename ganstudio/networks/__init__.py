"""Generators and discriminators: one architecture a file, built from a frozen config.

`spec.py` says what every generator states about itself (no torch needed to read it), `base.py` holds the protocols and
the `NETWORKS` registry, `layers.py` the shared parts. To add a network: write a file with a config dataclass and two
builders, register an `Architecture` under its name, and import the file in `catalogue.py`.
"""
