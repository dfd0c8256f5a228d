"""The steps of an export: the plan, drawing in groups, framing, the soundtrack, and frames that are kept on the way."""
