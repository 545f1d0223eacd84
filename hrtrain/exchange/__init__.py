"""Data packages in and out, backup and restore, the demo data."""
