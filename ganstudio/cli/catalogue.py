"""All verbs, imported by name so that a search and a frozen program both find them."""

from ganstudio.cli import convert, dataset, directions, inspect, mix, recipes, render, runs, sample, train, watch
from ganstudio.cli.base import VERBS

__all__ = [
    "VERBS",
    "convert",
    "dataset",
    "directions",
    "inspect",
    "mix",
    "recipes",
    "render",
    "runs",
    "sample",
    "train",
    "watch",
]
