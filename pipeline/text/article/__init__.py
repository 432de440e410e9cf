"""What one article's own page says: title, text, facts, dates, files, licence.

What does not live here: fetching, what the night keeps of it. Imported only where an article is read: it loads a tree parser.
"""

from pipeline.text.article.reading import Article, read

__all__ = ["Article", "read"]
