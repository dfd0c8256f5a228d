"""Recipes in plain words: each turns what is known of the pictures into a full configuration.

A recipe, or a few close relatives, is a file; `base.py` holds the registry `PRESETS`. To add one: write the file, and
import it in `catalogue.py`. Free of torch.
"""
