"""DICOM without Django: listener, sender, header and frame readers, synthetic pictures.

Nothing here knows a patient of the practice: bytes come in, values and files go out.
Source: DICOM PS3.5, PS3.7, PS3.8, PS3.10.
"""
