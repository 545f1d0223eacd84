"""Questions about training, one module per noun; read only."""
