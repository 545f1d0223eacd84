"""The organisation tree through time."""
