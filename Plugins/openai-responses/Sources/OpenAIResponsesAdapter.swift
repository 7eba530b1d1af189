import SluiceDialects
package import SluiceProvider

/// Speaks to providers that answer OpenAI's Responses.
package enum OpenAIResponsesAdapter {
    /// See `plugin.json`.
    ///
    /// - Throws: `ManifestError` for a file that is faulty.
    package static func source() throws(ManifestError) -> CompiledAdapter {
        try CompiledAdapter(json: PackageResources.plugin_json) { manifest, _ in ResponsesAdapter(manifest) }
    }
}
