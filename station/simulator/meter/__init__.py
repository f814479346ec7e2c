"""What happens inside a Truevolt multimeter? Functions, accuracy, the converter, the trigger system, the memory."""
