"""Checkpoint files: the only place that opens weights, and never runs anything found in them.

`containers/` parse files into trees of plain data (`tree.py`), `formats/` recognise whose file it is and say which
network it holds, `catalogue.py` opens a file of any format, `building.py` makes networks of what was read. Everything
but `building.py` stands without torch.
"""
