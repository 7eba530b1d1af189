// SluiceCurl
