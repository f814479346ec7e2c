"""What does a waveform say? Arrays in, numbers out."""
