"""What can be added to the plain game: penalties, cures and augmentation, each a part that can be combined with others.

A part is a file: a frozen dataclass of settings (shown as a form) and a class with the hooks of `base.Part`, registered
in `PARTS`. The mathematics lives in `losses`, `networks` or `training.augmentation`, imported inside the hooks, because
the window lists parts and must not wait for torch. To add one: write the file, import it in `catalogue.py`.
"""
