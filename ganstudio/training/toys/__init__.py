"""The game on points of the plane, where one can see it: distributions, measures, and a table to play on step by step.

`distributions.py` says where real points come from, `measures.py` how well they are met, `table.py` plays one step at a
time or many, `scene.py` is what is to be seen of it, `recipes.py` lists the losses and cures that are compared,
`findings.py` says when a game has collapsed. To add a distribution: a function in `MIXTURES`; a recipe: a row in
`RECIPES`. Only `table.py` and `scene.py` need torch.
"""
