"""Questions about reorganisations, a module a topic. Read only."""
