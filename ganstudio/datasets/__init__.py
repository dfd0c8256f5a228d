"""Where training pictures come from: readers of what people have, their preparation, the built-in avatars."""
