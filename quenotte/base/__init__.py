"""What everything stands on: practice, people, audit, files, jobs, live."""
