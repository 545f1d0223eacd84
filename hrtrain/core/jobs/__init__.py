"""Durable bulk work: rows in the database are the truth; a worker leases, does and marks them."""
