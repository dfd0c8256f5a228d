"""Networks as NVlabs' PyTorch programs keep them: pickled modules, read as records of names, numbers and tensors.

`modules` is the view of one pickled module; `families` the table of the generators that are known, in the order they
are asked. To add one: a file here with `matches(module)` and `plan(path, module)`, and its line in the table.
"""
