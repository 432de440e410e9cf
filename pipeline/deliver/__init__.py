"""Outbox → the world: claim what is due, send the stored bytes, settle."""
