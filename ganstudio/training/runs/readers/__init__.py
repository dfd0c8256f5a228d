"""Run folders of any program, read as one kind of record: curves, sample sheets, snapshots, measurements.

`catalogue.open_run(folder)` gives a `base.RunRecord`, whoever trained; free of torch. To add a program: a file with
`detect` and `read`, registered in `RUN_READERS`; import it in `catalogue.py`. What is read is bounded (`lines.py`,
`numbered.py`): strangers' logs may be huge or garbled.
"""
