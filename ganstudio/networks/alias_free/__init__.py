"""Parts of the alias-free generators, StyleGAN3 and StyleGAN-XL.

Free of torch, so that a file can be described before torch is there: `config.py` their settings, `schedule.py` the band
limits, sizes and widths of all layers, `filters.py` the low-pass filters, `shapes.py` the shapes of all tensors. With
torch: `resampling.py` the leaky rectifier between up- and downsampling, `synthesis.py` w_plus -> picture. The
networks themselves are `networks/stylegan3.py` and `networks/stylegan_xl.py`.
"""
