"""The window; the only package that knows Qt. Panels speak through the document, long work goes through `jobs`."""
