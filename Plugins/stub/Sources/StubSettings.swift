import SluiceProvider

/// The numbers that a row may give the stub; `plugin.json` explains them.
struct StubSettings {
    var delayMilliseconds: Int
    var tokensPerSecond: Int
    var sizeTokens: Int
    var dimensions: Int
    var created: Int

    init(_ settings: AdapterSettings) {
        delayMilliseconds = settings["delayMilliseconds"]
        tokensPerSecond = settings["tokensPerSecond"]
        sizeTokens = settings["sizeTokens"]
        dimensions = settings["dimensions"]
        created = settings["created"]
    }
}
