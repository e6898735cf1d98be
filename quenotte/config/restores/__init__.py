"""The commands of the restores of every day."""
