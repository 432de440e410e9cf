"""A pasted address → a proved source: leads of ``discover`` written as YAML, loaded by the real settings, read by the real source.

What does not live here: what is behind an address (``discover/probe``), asking a person (``cli/source_new``). Source: ADR-0028.
"""
