"""What is done with reorganisations, a module an act."""
