// SluiceTokens
