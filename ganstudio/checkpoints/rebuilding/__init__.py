"""Networks rebuilt from the names and shapes of their weights, and everything a state_dict does not say, by evidence.

`units.py` groups tensors by layer, `chains.py` orders the layers and finds strides, paddings and sizes that end in a
picture, `search.py` tries activations, eps and latents layer by layer against what batch normalisation remembers,
`pictures.py` judges the outcome, `assumptions.py` holds what a person may fix, `candidates.py` the results. Only
`search.py`, `pictures.py` and `play.py` need torch, and they are imported late.
"""
