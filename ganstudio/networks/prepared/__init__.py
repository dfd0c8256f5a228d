"""Synthesis networks made ready for a processor: the same function as the plain form, written for speed.

A prepared network implements `ganstudio.networks.staged.StagedSynthesis`; a generator hands it out in `stages()`.
Maps are kept with their channels last, `(N, H, W, C)` in memory, so that each step works on long runs of numbers; what
a layer needs in between lies in one `Scratch` that all layers share, a few rows at a time, so that it stays in the
processor's cache. The form in which a layer is computed follows from its shape alone, never from a measurement: equal
input gives equal bits.
"""
