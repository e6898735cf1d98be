"""What is looked at on a machine: one interface, and what stands behind it on each system."""
