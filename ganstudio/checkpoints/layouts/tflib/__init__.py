"""Networks as NVlabs' TensorFlow programs pickled them: names and arrays, read as records.

`network` is the view of one such network; the other files each know one generator by its names. To add one: a file
with `matches(network)` and `plan(path, network)`, and its line in `formats/tensorflow.py`.
"""
