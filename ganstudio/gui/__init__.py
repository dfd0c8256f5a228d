"""The window: the only package that knows Qt.

`app` starts it, `main_window` builds the panels and docks them, `document` holds the project and its undo stack, `jobs`
holds the only threads. `panels/` has one dock a file, `sections/` parts of one, `pages/` what the canvas shows in turn,
`dialogs/` one dialog a file, `services/` what works unseen, `widgets/` what can be reused and knows neither torch nor
the project. Importing any of it leaves torch out: only worker threads load it.
"""
