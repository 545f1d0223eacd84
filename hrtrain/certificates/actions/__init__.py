"""What is done with certificates, one module per act; every one flushes, none commits."""
