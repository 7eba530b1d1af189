/// An adapter that is compiled into the gateway: a `plugin.json`, and a function.
public struct CompiledAdapter: AdapterSource {
    /// See ``AdapterSource/manifest``.
    public let manifest: Manifest
    private let make: @Sendable (Manifest, AdapterSettings) throws(AdapterFault) -> any Adapter

    /// Reads what the adapter says of itself.
    ///
    /// - Parameters:
    ///   - json: the bytes of its `plugin.json`.
    ///   - source: the file that asks, below `Plugins/<id>/Sources/`: the folder must be the adapter's own.
    ///   - make: opens one for a row.
    /// - Throws: ``ManifestError`` with all that is wrong with the file.
    public init(
        json: [UInt8],
        source: String = #filePath,
        make: @escaping @Sendable (Manifest, AdapterSettings) throws(AdapterFault) -> any Adapter
    ) throws(ManifestError) {
        manifest = try ManifestReader.read(json, folder: CompiledAdapter.folder(of: source))
        self.make = make
    }

    /// The name before `/Sources/`.
    private static func folder(of source: String) -> String {
        let parts = source.split(separator: "/")
        guard let sources = parts.lastIndex(of: "Sources"), sources > 0 else { return source }
        return String(parts[sources - 1])
    }

    /// See ``AdapterSource/open(_:)``.
    public func open(_ settings: AdapterSettings) async throws(AdapterFault) -> any Adapter {
        try make(manifest, settings)
    }
}
