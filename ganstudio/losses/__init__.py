"""What the two networks play for: one loss or penalty a file, as mathematics on logits, pictures and gradients.

`base.py` says what a loss is and holds the registry `LOSSES`; penalties stand beside it as functions, which parts of
`training.parts` put into the game. To add a loss: write a file, register it with its source in the docstring, import it
in `catalogue.py`, and name it in `training.config.LOSS_NAMES`, which does without torch.
"""
