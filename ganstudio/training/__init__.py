"""Training two networks against each other: configuration, events, the trainer.

`trainer.train` is a generator of the small frozen events of `events.py`; whoever loops over it (the command line, a
background job of the window, a test) drives it, and closing it saves the state. `session` is one stretch of it and
`run_writer` what it writes on its way. `game` plays, `parts` holds what can be added to the plain game (penalties,
cures, augmentation), `runs` is all that is ever written, `watch` judges; `presets` holds the recipes in plain words.
`direction_finding` trains small readers of attributes.
"""
