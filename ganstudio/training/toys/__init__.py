"""The game on points of the plane, where one can see it: distributions, measures, and a table to play on step by step.

`distributions.py` says where real points come from, `measures.py` how well they are met, `table.py` plays one step at a
time or many, `recipes.py` lists the losses and cures that are compared, `findings.py` says when a game has collapsed.
"""
