"""Ways of finding directions, each a plug-in of `METHODS`: a frozen config, and a generator of events.

`base.py` says what a method gets and gives; the mathematics is next door in `ganstudio/latent`. To add one: a file
with a config dataclass and a `find`, registered in `METHODS`; import it in `catalogue.py`. Modules here load torch
only when they search, so that a window can show their settings at once.
"""
