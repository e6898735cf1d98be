"""What is kept of practices whose contract ended, and when it goes by itself."""
