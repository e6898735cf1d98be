"""Care of the patient: identity, chart, appointments, pictures."""
