"""What the two networks play for: one loss or regulariser a file.

`base.py` says what a loss is and holds the registry `LOSSES`; `penalties` on the discriminator's gradient stand beside
it. To add a loss: write a file, register it under its name with its source in the docstring, import it in
`catalogue.py`.
"""
