"""Parts of panels that fold away, each about one subject: one file each.

A section shows what the document says of its subject and edits it; it connects itself, and hides when the open model
has nothing of the kind. Add one by writing a file here and adding it to its panel.
"""
