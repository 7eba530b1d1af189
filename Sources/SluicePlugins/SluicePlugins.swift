// SluicePlugins
