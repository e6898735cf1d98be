"""What is known of the machines, what follows from it, and who needs a technician now."""
