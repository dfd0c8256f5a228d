"""All ways of finding directions, imported by name so that a search and a frozen program both find them."""

from ganstudio.latent.discovery import channels, closed_form, labels, layer_axes, main_axes, picks
from ganstudio.latent.discovery.base import METHODS

__all__ = ["METHODS", "channels", "closed_form", "labels", "layer_axes", "main_axes", "picks"]
