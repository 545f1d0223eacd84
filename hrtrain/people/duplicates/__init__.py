"""Pairs of records that may be one person: found with reasons, decided by people."""
