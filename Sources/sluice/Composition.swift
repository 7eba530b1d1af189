import AnthropicMessagesAdapter
import Foundation
import Logging
import OpenAIChatAdapter
import OpenAICompletionAdapter
import OpenAIEmbeddingAdapter
import OpenAIResponsesAdapter
import OpenAIServiceAdapter
import SluiceCatalogue
import SluiceCurl
import SluiceEngine
import SluiceHTTP
import SluiceMoney
import SluiceProvider
import SluiceSQLite
import SluiceStore
import SluiceTokens
import SluiceTypes
import StubAdapter

/// Which implementation stands behind each contract: a list, and nothing else.
enum Composition {
    /// The compiled adapters.
    ///
    /// - Throws: `ManifestError` for one whose `plugin.json` is faulty.
    static func adapters() throws(ManifestError) -> [any AdapterSource] {
        [
            try AnthropicMessagesAdapter.source(),
            try OpenAIServiceAdapter.source(),
            try OpenAIChatAdapter.source(),
            try OpenAICompletionAdapter.source(),
            try OpenAIEmbeddingAdapter.source(),
            try OpenAIResponsesAdapter.source(),
            try StubAdapter.source(),
        ]
    }

    /// - Throws: `ProviderFileError`, also for an adapter whose own file is faulty.
    static func catalogue(
        file: String,
        proxyFromEnvironment: Bool,
        remedy: CredentialRemedy = .gateway
    ) async throws(ProviderFileError) -> Catalogue {
        let adapters: [any AdapterSource]
        do throws(ManifestError) { adapters = try Composition.adapters() } catch {
            throw ProviderFileError(file: error.file, faults: error.faults.map { .init($0) })
        }
        let environment = ProcessInfo.processInfo.environment
        return try await ProviderFile.read(
            path: file,
            adapters: adapters,
            environment: environment,
            environmentProxy: proxyFromEnvironment ? try EnvironmentProxy(environment) : nil,
            remedy: remedy
        )
    }

    /// A transport that keeps at most `kept` connections of each kind open for later calls.
    ///
    /// - Throws: `CurlTransport.StartError`.
    static func transport(kept: Int = 1) throws(CurlTransport.StartError) -> CurlTransport {
        try CurlTransport(userAgent: "sluice/\(Version.current)", kept: kept)
    }

    /// - Throws: `StoreError`.
    static func store(
        directory: String,
        mode: SQLiteStore.Mode,
        retention: Retention = .standard,
        reserve: Int = 0,
        logger: Logger,
        onFatal: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) async throws(StoreError) -> SQLiteStore {
        var store = SQLiteSettings.standard
        store.reserve = reserve
        return try await SQLiteStore.open(
            directory: directory,
            mode: mode,
            retention: retention,
            logger: logger,
            settings: store,
            onFatal: onFatal
        )
    }

    static func tokens(store: any Store, logger: Logger) -> TokenService {
        TokenService(store: store, now: Timestamp.now, logger: logger)
    }

    /// Where prices are looked for: the operator's table, if there is one, and then the one that is built in.
    ///
    /// - Throws: ``Failure`` for a file that can't be read or taken; ``PriceTableFault`` only where the built-in table is broken.
    static func priceTables(file: String?) throws -> [PriceTable] {
        let embedded = try PriceTable.embedded()
        guard let file else { return [embedded] }
        let name = Printable.line(file)
        let bytes: [UInt8]
        do throws(FileError) { bytes = try File.read(file) } catch {
            throw Failure("\(name), the file of prices, can't be read: \(error).")
        }
        do throws(PriceTableFault) { return [try PriceTable(json: bytes), embedded] } catch {
            throw Failure("\(name) is no table of prices: \(error). docs/money.md tells its form.")
        }
    }

    static func engine(
        store: any Store,
        transport: any Transport,
        catalogue: Catalogue,
        settings: EngineSettings,
        prices: PriceBook,
        observers: [any Observer],
        boot: BootID,
        logger: Logger,
        time: EngineTime
    ) -> Engine {
        Engine(
            store: store,
            transport: transport,
            catalogue: catalogue,
            settings: settings,
            prices: prices,
            observers: observers,
            logger: logger,
            boot: boot,
            time: time
        )
    }
}
