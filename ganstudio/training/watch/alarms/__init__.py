"""What can be wrong with a run: one alarm a file, each read off the run's record alone, and free of torch.

An alarm is a function from a RunHistory to a Finding or None, registered in `ALARMS`; `base.py` holds what several
need. Each looks at stretches, never at a single point, so that one bad batch is no alarm. To add one: write the file,
import it in `catalogue.py`.
"""
