"""The only SQL of moa: one store on SQLite or PostgreSQL, opened through ``store.Store``."""
