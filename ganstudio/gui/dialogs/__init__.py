"""Dialogs, one a file: the command palette, the list of keys, an error with its details.

To add one: a file here; the main window shows it and hands over what it needs.
"""
