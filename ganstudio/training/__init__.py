"""Training two networks against each other: configuration, events, the trainer, the run folder.

`trainer.train` is a generator of the small frozen events of `events.py`; whoever loops over it (the command line, a
background job of the window, a test) drives it, and closing it saves the state. `pair.py` plays the game, `fakes.py`
draws for it; `run_folder.py` is all that is ever written; `presets.py` holds the recipes in plain words. To add a
preset: register it there.
"""
