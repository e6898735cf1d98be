"""What each technician signs before she sees a practice: its text, its versions, who signed."""
