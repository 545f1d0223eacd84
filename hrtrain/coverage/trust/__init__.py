"""How far a figure can be trusted: what is missing under it, as counts, and a grade by rules."""
