"""From the store to ``output/`` and the outbox: fold, compose, render once, write, enqueue.

What does not live here: collecting (``collect/``) and sending (``deliver/``).
"""
