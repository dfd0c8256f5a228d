"""The game itself: generator, discriminator, averaged generator, and one round of play.

`pair.py` plays, `draws.py` is where all chance comes from, `fakes.py` draws pictures for training, `transfer.py` begins
with other people's weights. What is added to the plain game (penalties, cures) lives in `training.parts`.
"""
