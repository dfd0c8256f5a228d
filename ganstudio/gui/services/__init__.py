"""What works for the window without being seen: opening, drawing, training, finding, saving.

A service is a QObject that the window owns: it runs jobs, listens to the document and tells what happened by signals.
Panels and pages are handed the services that they need; services know none of them. To add one: a file here, made in
`main_window` and passed on by `workspace_content`.
"""
