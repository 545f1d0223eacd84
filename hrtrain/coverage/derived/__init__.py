"""Derived tables of coverage: spans, ledger, and what keeps, reads, rebuilds and verifies them."""
