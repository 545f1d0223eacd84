"""Declared headcounts: signed, confirmed, corrected and taken back; which are due, and why."""
