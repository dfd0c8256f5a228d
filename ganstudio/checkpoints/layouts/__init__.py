"""How other programs name and lay out weights, and what each tensor becomes in ours; no file is opened here.

Formats say whose file it is and ask here for the rest: `plan.py` and `generator_found.py` are the two shapes of an
answer, the others know one program each (`nvlabs/`, `tflib/`, rosinality, lucidrains) or one habit of several
(spectral norms, residual blocks).
"""
