"""How good, how varied, how new: formulas on feature arrays, and the networks that make features of pictures.

Every formula takes features `(N, F)` and says what its number means; `features.py` makes them. A number is only
comparable with the same features, the same counts and the same preparation of the pictures. To add a metric: a file
with one function of feature arrays and its source.
"""
