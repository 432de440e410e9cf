"""`make bench`: moa beside floors and beside a peer, on the same loopback corpus, in one run.

What does not live here: tests. Only ratios of one run count; seconds are printed for scale.
"""
