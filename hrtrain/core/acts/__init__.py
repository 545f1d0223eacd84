"""Acts: what is done at once to many rows and can be taken back at once."""
