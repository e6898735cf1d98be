"""Drawing of invented dental radiographs: anatomy in millimetres, attenuation in numpy."""
