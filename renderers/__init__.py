"""Renderers: one file turns a digest into one shape (website, newsletter, kakao); pure, found by file name.

What does not live here: choosing what an edition says (``publish/``) and carrying it out (``deliver/``).
"""
