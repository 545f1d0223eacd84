"""Roster spreadsheets: read, understood, compared with what is known, taken in, taken back."""
