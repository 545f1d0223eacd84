"""Links from a person's record to the one it was merged into, and what they lead to."""
