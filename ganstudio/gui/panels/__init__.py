"""The panels of the window, one dock a file; each gets what it needs by keyword, and none imports another.

To add one: write a QWidget subclass here and name it in `main_window.py`, which docks it in its workspaces.
"""
