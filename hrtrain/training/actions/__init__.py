"""Acts of training, one module per noun; each flushes and none commits."""
