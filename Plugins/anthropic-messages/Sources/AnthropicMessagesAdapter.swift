import SluiceDialects
package import SluiceProvider

/// Speaks to providers that answer chats in the format of Anthropic's Messages.
package enum AnthropicMessagesAdapter {
    /// See `plugin.json`.
    ///
    /// - Throws: `ManifestError` for a file that is faulty.
    package static func source() throws(ManifestError) -> CompiledAdapter {
        try CompiledAdapter(json: PackageResources.plugin_json) { manifest, _ in AnthropicAdapter(manifest) }
    }
}
