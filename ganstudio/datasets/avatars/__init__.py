"""The built-in pictures: avatars drawn by our own code from known factors (smile, glasses, hair colour ...).

`factors.py` says what can vary and draws values by seed, `shapes.py` holds anti-aliased shapes on batches of pictures,
`features.py` and `drawing.py` put a face together, `source.py` is the endless set as a picture source. Every factor is
continuous in the picture and independent of the others: the ground truth for everything that measures editing.
"""
