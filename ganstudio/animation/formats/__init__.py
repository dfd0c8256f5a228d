"""What an animation is written as, one format a file, and the registry of them.

A format says what it carries and opens a `FrameWriter`, which takes frames and sound as they come and holds no more of
them than its encoder needs. Films go through PyAV (`av_writer`, the optional extra "animate"); GIF, APNG, animated WebP
and single pictures need Pillow alone. To add one: a file with a frozen config dataclass and a row in `FORMATS`, named
in `catalogue`.
"""
