"""The room of sources: one file is one kind of place; a leading underscore marks a tool of the room, not a plugin."""
