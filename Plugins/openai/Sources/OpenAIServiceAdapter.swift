import SluiceDialects
package import SluiceProvider

/// Speaks to providers that serve several types in OpenAI's wire format, under one address and one key.
package enum OpenAIServiceAdapter {
    /// See `plugin.json`.
    ///
    /// - Throws: `ManifestError` for a file that is faulty.
    package static func source() throws(ManifestError) -> CompiledAdapter {
        try CompiledAdapter(json: PackageResources.plugin_json) { manifest, _ in OpenAIAdapter(manifest) }
    }
}
