import Foundation
import Logging
import OpenAIChatAdapter
import OpenAICompletionAdapter
import OpenAIEmbeddingAdapter
import SluiceCurl
import SluiceEngine
import SluiceHTTP
import SluicePlugins
import SluiceProvider
import SluiceSQLite
import SluiceStore
import SluiceTokens
import SluiceTypes
import StubAdapter

/// Which implementation stands behind each contract: a list, and nothing else.
enum Composition {
    static let adapters: [any Adapter.Type] = [
        OpenAIChatAdapter.self,
        OpenAICompletionAdapter.self,
        OpenAIEmbeddingAdapter.self,
        StubAdapter.self,
    ]

    /// - Throws: `ProviderFileError`.
    static func catalogue(file: String) throws(ProviderFileError) -> Catalogue {
        try ProviderFile.read(path: file, adapters: adapters, environment: ProcessInfo.processInfo.environment)
    }

    /// - Throws: `CurlTransport.StartError`.
    static func transport() throws(CurlTransport.StartError) -> CurlTransport {
        try CurlTransport(userAgent: "sluice/\(Version.current)")
    }

    /// - Throws: `StoreError`.
    static func store(
        directory: String,
        mode: SQLiteStore.Mode,
        retention: Retention = .standard,
        logger: Logger,
        onFatal: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) async throws(StoreError) -> SQLiteStore {
        try await SQLiteStore.open(
            directory: directory,
            mode: mode,
            retention: retention,
            logger: logger,
            onFatal: onFatal
        )
    }

    static func tokens(store: any Store, logger: Logger) -> TokenService {
        TokenService(store: store, now: Timestamp.now, logger: logger)
    }

    static func engine(
        store: any Store,
        transport: any Transport,
        catalogue: Catalogue,
        settings: EngineSettings,
        boot: BootID,
        logger: Logger
    ) -> Engine {
        Engine(
            store: store,
            transport: transport,
            catalogue: catalogue,
            settings: settings,
            logger: logger,
            boot: boot,
            time: EngineTime(now: Timestamp.now, clock: ContinuousClock())
        )
    }
}
