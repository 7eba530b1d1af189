import Foundation
import OpenAIChatAdapter
import OpenAICompletionAdapter
import SluiceCurl
import SluicePlugins
import SluiceProvider
import StubAdapter

/// Which implementation stands behind each contract: a list, and nothing else.
enum Composition {
    static let adapters: [any Adapter.Type] = [
        OpenAIChatAdapter.self,
        OpenAICompletionAdapter.self,
        StubAdapter.self,
    ]

    /// - Throws: `ProviderFileError`.
    static func catalogue(file: String) throws(ProviderFileError) -> Catalogue {
        try ProviderFile.read(path: file, adapters: adapters, environment: ProcessInfo.processInfo.environment)
    }

    /// - Throws: `CurlTransport.StartError`.
    static func transport() throws -> any Transport {
        try CurlTransport(userAgent: "sluice/\(Version.current)")
    }
}
