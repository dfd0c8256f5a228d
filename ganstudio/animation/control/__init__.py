"""Moving a picture from outside while it is looked at: OSC, MIDI and a microphone.

`addresses` names what can be moved; `scale` turns a number that comes in into a parameter's value; `binding` says which
control moves what; `osc` reads and writes packets, `midi` reads messages, both as data only; `setup` is all that a
person has set, as one frozen value. None of them opens a port: that is the window's part.
"""
