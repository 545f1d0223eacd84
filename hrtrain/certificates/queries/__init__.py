"""Questions about certificates, one module per noun; read only."""
