"""Reusable widgets that know neither torch nor the project; one family a file.

They take colours from the palette and from the `role` property (see `gui/theme.py`), so that they follow a change of
theme without knowing of it. To add one: a file here, a test in `tests/gui/widgets/`.
"""
