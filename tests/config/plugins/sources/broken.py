"""A plugin that cannot be imported."""

raise RuntimeError("half written")
