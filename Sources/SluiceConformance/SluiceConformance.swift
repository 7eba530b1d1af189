// SluiceConformance
