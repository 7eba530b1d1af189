public import SluiceJSON
public import SluiceTypes

/// What an adapter says of itself, in its `plugin.json`.
public struct Manifest: Sendable, Hashable {
    /// The name by which `providers.json` calls it, and its folder's.
    public var id: String
    /// What it can ask a provider for, with the path below a row's `baseURL` to which each call goes; nil for what is
    /// answered without a call.
    public var operations: [Operation: String?]
    /// The formats that it takes as they are.
    public var formats: Set<RequestFormat>
    /// What a row's `settings` may say.
    public var settings: [String: AdapterSetting]

    /// Creates a manifest.
    public init(
        id: String,
        operations: [Operation: String?],
        formats: Set<RequestFormat>,
        settings: [String: AdapterSetting] = [:]
    ) {
        self.id = id
        self.operations = operations
        self.formats = formats
        self.settings = settings
    }

    /// True when it makes calls, so that a row must have a `baseURL`.
    public var needsEndpoint: Bool { operations.values.contains { $0 != nil } }

    /// A row's settings, checked, with what they leave out.
    ///
    /// - Throws: ``AdapterFault`` that names the setting that is unknown, no whole number, or out of range.
    public func settings(_ value: JSONValue?) throws(AdapterFault) -> AdapterSettings {
        var numbers = settings.mapValues(\.standard)
        for (name, value) in value?.members ?? [] {
            guard let setting = settings[name] else {
                throw AdapterFault(.invalidRequest, "is not a setting of the adapter \(id)", setting: name)
            }
            guard let number = value.integer.flatMap({ Int(exactly: $0) }), setting.range.contains(number) else {
                let (least, most) = (setting.range.lowerBound, setting.range.upperBound)
                throw AdapterFault(.invalidRequest, "must be a whole number from \(least) to \(most)", setting: name)
            }
            numbers[name] = number
        }
        return AdapterSettings(numbers: numbers)
    }
}
