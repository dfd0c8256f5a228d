"""Draws again what a picture made here says of its making: `sample --picture`."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from ganstudio.cli.base import UsageError
from ganstudio.project.recipe import Recipe


def redraw(options: argparse.Namespace) -> None:
    """Draw the pictures of a recipe with a checkpoint, each as the window draws it; `--grid` is where they go.

    Raises:
        UsageError: The picture carries no recipe.
        PictureTextError, LookError: Its recipe is damaged, or of another kind of model.
    """
    import numpy as np

    from ganstudio.checkpoints.catalogue import read
    from ganstudio.checkpoints.fingerprints import fingerprint_of
    from ganstudio.images import save_picture, tile  # late, with torch: `--help` must be instant
    from ganstudio.rendering.renderer import Renderer
    from ganstudio.rendering.request import RenderRequest

    recipe, path = recipe_of(options.picture), options.checkpoint.resolve()
    model = fingerprint_of(path)
    if recipe.model not in (None, model):
        print(f"{options.picture}: was made with another model than {path.name}", file=sys.stderr)
    renderer = Renderer(read(options.checkpoint, options.assume), options.device)
    requests = (RenderRequest(str(path), (look,), directions=recipe.directions) for look in recipe.looks)
    pixels = np.concatenate([renderer.render(request).pixels for request in requests])
    whole = pixels[0] if recipe.sheet is None else tile(pixels, recipe.sheet.columns)
    save_picture(options.grid, whole, replace(recipe, checkpoint=str(path), model=model).to_json())
    print(f"{options.grid}: {len(pixels)} pictures", file=sys.stderr)


def recipe_of(path: Path) -> Recipe:
    """The recipe of a picture file, checked."""
    from ganstudio.images import read_recipe as read_values
    from ganstudio.project.recipe import read_recipe

    values = read_values(path)
    if values is None:
        raise UsageError(path, "it does not say how it was made", "choose a picture that GANStudio saved")
    return read_recipe(values)
