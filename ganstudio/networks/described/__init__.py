"""Layers described as data: dicts with a "kind" and numbers, checked, with shapes known before anything is built.

`kinds.py` holds the kinds, their fields and how each changes a shape, without torch; `modules.py` makes torch modules
of them. A *branches* layer holds lists of layers and joins what they make, so residual and class-conditional networks
are trees of such dicts. To add a kind: an entry in `KINDS` and a builder in `modules.py`.
"""
