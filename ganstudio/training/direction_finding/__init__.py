"""Learning where attributes lie in a latent space: small regressions on drawn pictures, and the search that uses them.

`direction_search.py` is what the window and the command line call; the others read attributes off pictures or off
latents for it.
"""
