"""How one picture is made, as plain values: compared, kept in a project, written into a picture's file.

`look` holds `Look`, the whole of it; `edit` one step along a direction, `mixing` what comes from a second picture,
`point` a latent itself where no seed stands for it, `own_direction` the vector of a direction that no checkpoint
carries, `checking` the limits. Knows neither torch nor which model will draw. To add something that a picture depends
on: give `Look` a field whose default changes nothing, check it there, and apply it in `rendering/look_latents.py`.
"""
