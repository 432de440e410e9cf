"""How well moa reads: the scorers of the shared labels and corpus over what ``moa lab`` answers (``make eval``).

What does not live here: speed (``bench``), what is measured with invented data (``tests``). Never in the wheel.
One file a measure; the file name is its name. Each offers ``NEEDS`` (files below the shared folder) and ``measure``, and
gets a floor for each number in the table of ``docs/reference/quality.md``.
"""
