"""Merging two records of one person: a link with all facts on one side, undone as one act."""
