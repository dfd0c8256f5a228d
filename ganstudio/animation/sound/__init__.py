"""Sound under an animation: read from any audio file, measured frame by frame, and what it drives.

`clip` reads a file by PyAV (the optional extra "animate"); `features` measures loudness, bands, onsets and beats with
numpy alone; `drive` says which of them moves which parameter, and how.
"""
