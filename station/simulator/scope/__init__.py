"""What happens inside an InfiniiVision oscilloscope? Channels, time base, trigger, records, measurements."""
