"""moa (모아): gathers a city institute's scattered media and publishes one digest of them."""

__version__ = "0.1.0"
