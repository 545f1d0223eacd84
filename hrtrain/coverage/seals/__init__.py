"""Sealed reports: figures with their people frozen for good, counted again, and restated.

`facts` says what a sealed count rests on, `standing` and `counting` count it, `causes` says why a
later count differs: all pure. `reading` brings the facts from the tables as known at an instant.
"""
