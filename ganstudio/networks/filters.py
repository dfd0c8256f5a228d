"""The resampling filters that families begin with; known without torch."""

FILTER = (1.0, 3.0, 3.0, 1.0)
BLUR = (1.0, 2.0, 1.0)
