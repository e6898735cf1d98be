"""Paper: sheets set by Typst into PDF, and read back into pictures and text. No Django."""
