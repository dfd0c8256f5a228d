"""Changes of pictures that the discriminator is shown, real and generated alike: mathematics on batches.

Every function takes images `(N, C, H, W)` in [-1, 1] and `Draws`, changes each picture by a chance of its own, and can
be differentiated twice, for penalties on gradients. `training.parts` put them into the game.
"""
