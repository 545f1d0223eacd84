"""Programmes, targets, requirements, the count."""
