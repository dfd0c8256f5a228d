"""Zip archives, read strictly: what two programs could read differently is refused.

`zip_directory.py` checks the directory against the entries, `zip_entry.py` reads one entry, `torch_archive.py` and
`npz.py` say what the entries are.
"""
