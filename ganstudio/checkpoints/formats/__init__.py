"""The kinds of checkpoint that can be opened, one a file: whose keys they are, and which of our networks fits.

To add one: a file with `detect`, `describe` and `read` (see `checkpoints/base.py`), registered in `FORMATS`; import it
in `checkpoints/catalogue.py`, the particular before the general.
"""
