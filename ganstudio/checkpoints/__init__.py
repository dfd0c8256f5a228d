"""Checkpoint files: the only place that opens weights, and never runs anything found in them.

From bytes to networks: `containers/`, `archives/`, `pickles/` and `onnx/` parse files into trees of plain data
(`tree.py`), `formats/` recognise whose file it is, `layouts/` know how its program names weights, `rebuilding/` finds
networks that no file describes, `catalogue.py` opens a file of any format, `building.py` makes networks of what was
read. `latents/` read latents and directions, `writers/` convert, `mixing/` makes one model of two. All but building,
mixing and writing stand without torch.
"""
