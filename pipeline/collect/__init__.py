"""Sources → store: fetch, parse, normalise, reconcile, judge; one transaction a source."""
