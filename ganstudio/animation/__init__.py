"""Pictures in time: a timeline of keys, the look of each frame, ways through latent space, export to files.

`timeline` holds `Timeline`, the frozen whole: tracks of keys, each for one of the `parameters` that a picture has;
`easing` says how a value goes from one key to the next; `frames` gives the look of any moment; `ways` lays out keys for
a walk, a loop or a tour; `pace` measures how fast the pictures change and evens it out; `export` writes frames by one
of `formats`. Only `pace` and `export` load torch. To add a parameter: a row in `parameters`; a format: a file in
`formats`.
"""
