"""Files of latents and of latent directions that other programs write, read as data; free of torch.

`catalogue.read_latents(path)` gives a `base.LatentFile`, `fitting.py` makes of its directions what a checkpoint can
carry. To add one: a file with `detect` and `read`, registered in `LATENT_FORMATS`; import it in `catalogue.py`. The
terms z, w, w_plus and direction are those of `ganstudio/latent/__init__.py`; *style* is StyleGAN's style space, the
scales of each layer's channels.
"""
