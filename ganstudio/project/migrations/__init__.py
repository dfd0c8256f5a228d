"""Brings project files of older schemas up to date, one step a file.

`from_schema_N.py` has `migrate(values)`, which turns what a file of schema N holds into that of schema N + 1; it is
listed in `project/file.py`. To add one: count `SCHEMA` up there, write the step here, keep a file of the old schema in
`tests/project/stored/` and test that it opens.
"""
