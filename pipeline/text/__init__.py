"""Pure text tools: bytes to text, cleaning, HTML, URLs, dates, trimming.

What does not live here: I/O, the clock, third-party exceptions. Each tool is imported from its own file, so that a
quiet night loads only what it uses.
"""
