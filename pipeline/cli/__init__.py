"""The ways in: one file a command, thin. Only here are the clock, the environment and the terminal read."""
