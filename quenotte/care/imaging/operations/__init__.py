"""What happens to pictures: received, filed, corrected, drawn; devices recognised."""
