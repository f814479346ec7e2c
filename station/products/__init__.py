"""What is done to each product? One file each, written by its test engineer."""
