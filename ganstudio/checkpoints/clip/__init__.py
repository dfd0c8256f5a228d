"""Encoders that put pictures and words into one space (CLIP and its like), as ONNX files that a person has.

`tokens` makes numbers of words, `encoders` opens the files and runs them. Nothing here is downloaded.
"""
