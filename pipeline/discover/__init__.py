"""A URL → a source: the editors' room that finds lists, writes their recipes and proposes repairs. It fetches nothing itself.

What does not live here: reading configured lists (``sources``), commands (``cli``).
"""
