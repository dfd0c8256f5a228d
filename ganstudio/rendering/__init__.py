"""From a request to a picture: the one place where looks become latents and latents become pixels.

`request` is what a caller asks for (plain data, free of torch); `renderer` owns a generator and answers. Knows no
window: the canvas, the command line and the exporters all draw through the same renderer.
"""
