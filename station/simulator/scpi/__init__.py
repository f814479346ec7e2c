"""How does an instrument understand SCPI? A sans-IO engine: bytes and time in, bytes out."""
