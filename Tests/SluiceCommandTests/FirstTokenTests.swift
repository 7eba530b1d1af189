import Foundation
import Logging
import SluiceStore
import SluiceTesting
import SluiceTokens
import SluiceTypes
import Testing

@testable import sluice

@Suite struct FirstTokenTests {
    @Test func oneThatCouldNotBeKeptAfterAllIsRevoked() async throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: UUID().uuidString).path
        try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? files.removeItem(atPath: folder) }
        let path = folder + "/token"
        let tokens = TokenService(
            store: MemoryStore(),
            now: {
                // Something takes the file's place just while the token is made.
                try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
                return Timestamp.now()
            },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await #expect(throws: Failure.self) { try await FirstToken(path: path, data: folder).ensure(tokens) }
        let records = try await tokens.tokens(owner: nil)
        #expect(records.count == 1 && records.allSatisfy { $0.revokedAt != nil })
        #expect(try files.contentsOfDirectory(atPath: folder) == ["token"])
        try files.removeItem(atPath: path)
        let other = folder + "/other"
        try await FirstToken(path: other, data: folder).ensure(tokens)
        #expect(try await tokens.tokens(owner: nil).filter { $0.revokedAt == nil }.count == 1)
        #expect(files.contents(atPath: other)?.starts(with: Data("slc_".utf8)) == true)
    }
}
