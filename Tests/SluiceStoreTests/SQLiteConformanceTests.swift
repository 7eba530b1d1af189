import Foundation
import SluiceStore
import SluiceTesting
import Testing

@testable import SluiceSQLite

@Suite("The SQLite store keeps the contract")
struct SQLiteConformanceTests {
    @Test("conforms", arguments: StoreConformance.checks)
    func conforms(_ check: StoreConformance.Check) async throws {
        try await withOpener { opener in try await StoreConformance(opener.open).run(check) }
    }
}

/// Hands over an opener of stores, and closes them all, looked through, in the end.
func withOpener(settings: SQLiteSettings = .standard, _ body: (Opener) async throws -> Void) async throws {
    try await withDirectory { directory in
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let opener = Opener(directory: directory, settings: settings)
        do {
            try await body(opener)
            try await opener.checkAll()
        } catch {
            await opener.closeAll()
            throw error
        }
        await opener.closeAll()
    }
}

/// Opens stores, each in a directory of its own, and closes them all in the end.
actor Opener {
    private let directory: String
    private let settings: SQLiteSettings
    private(set) var stores: [SQLiteStore] = []

    init(directory: String, settings: SQLiteSettings) {
        self.directory = directory
        self.settings = settings
    }

    nonisolated var open: @Sendable (Retention) async throws -> any Store {
        { retention in try await self.openAnother(retention) }
    }

    private func openAnother(_ retention: Retention) async throws -> any Store {
        let store = try await SQLiteStore.open(
            directory: "\(directory)/\(UUID().uuidString)",
            mode: .serve,
            retention: retention,
            settings: settings
        )
        stores.append(store)
        return store
    }

    /// Nothing that a store went through may have left a fault in it.
    func checkAll() async throws {
        for store in stores {
            let report = try await store.check()
            #expect(report.faults == [])
        }
    }

    func closeAll() async {
        for store in stores { await store.close() }
    }
}
