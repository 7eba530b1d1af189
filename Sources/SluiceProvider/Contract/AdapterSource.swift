/// Where adapters of one kind come from: one for each carrier of code.
public protocol AdapterSource: Sendable {
    /// What its adapters are and can, as their `plugin.json` says.
    var manifest: Manifest { get }

    /// Opens an adapter for one provider row.
    ///
    /// - Throws: ``AdapterFault`` when none can be had, or a setting is wrong.
    func open(_ settings: AdapterSettings) async throws(AdapterFault) -> any Adapter
}
