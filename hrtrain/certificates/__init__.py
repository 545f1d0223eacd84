"""Issue, number, register, document, revoke, public check."""
