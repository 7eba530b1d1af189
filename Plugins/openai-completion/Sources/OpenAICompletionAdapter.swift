import SluiceDialects
package import SluiceProvider

/// Speaks to providers that answer completions of a text in OpenAI's wire format.
package enum OpenAICompletionAdapter {
    /// See `plugin.json`.
    ///
    /// - Throws: `ManifestError` for a file that is faulty.
    package static func source() throws(ManifestError) -> CompiledAdapter {
        try CompiledAdapter(json: PackageResources.plugin_json) { manifest, _ in OpenAIAdapter(manifest) }
    }
}
