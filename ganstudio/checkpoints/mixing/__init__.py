"""Two models of one family made one: by weight interpolation, layer by layer.

`shares` says how much of the second model each resolution takes, `mixer` makes the weights, `mixing` the file. A layer
that takes all of one model is that model's (layer swapping, Pinkney and Adler 2020), one in between has weights in
between (interpolation, Wang et al. 2019, section 3.2); that works for models that were trained on from a common one.
"""
