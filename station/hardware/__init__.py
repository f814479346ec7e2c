"""How are instruments touched? Byte streams, SCPI, the drivers, the fixture's protocol, lending, and the bench of it all."""
