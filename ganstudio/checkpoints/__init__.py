"""Checkpoint files: the only place that opens weights, and never runs anything found in them.

`base.py` says what a format is and opens a file by its bytes; each format has a file of its own. Reading gives numpy
arrays and a description, without torch; `building.py` makes networks of them. To add a format: write a file with
`detect`, `describe` and `read`, register it in `FORMATS`, import it in `catalogue.py`.
"""
