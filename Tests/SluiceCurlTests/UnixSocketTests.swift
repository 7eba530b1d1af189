import Foundation
import LoopbackProvider
import SluiceCurl
import SluiceProvider
import Testing

@Suite struct `A Unix socket` {
    @Test func `is called instead of the host`() async throws {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let provider = try await LoopbackProvider.start(unixSocketPath: folder + "/s")
        let transport = try CurlTransport { _ throws(LookupFailure) in throw LookupFailure("not asked") }
        for _ in 0..<2 {
            let outgoing = call("http://sluice/v1/x", body: "{}", socket: folder + "/s")
            #expect(try await transport.send(outgoing).answer().head?.status == 200)
        }
        #expect(provider.requests.map(\.connection) == [0, 0])
        #expect(provider.requests[0]["Host"] == "sluice")
    }

    @Test func `may have a longer path than a socket address holds`() async throws {
        let folder = try makeFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let part = String(repeating: "d", count: 60)
        let far = "\(folder)/\(part)/\(part)"
        let near = folder + "/n"
        try FileManager.default.createDirectory(atPath: far, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: near, withDestinationPath: far)
        let provider = try await LoopbackProvider.start(unixSocketPath: near + "/s")
        let transport = try CurlTransport()
        let path = far + "/s"
        #expect(path.utf8.count > 107)
        for _ in 0..<2 {
            let answer = try await transport.send(call("http://sluice/", body: "{}", socket: path)).answer()
            #expect(answer.head?.status == 200)
        }
        // A connection by way of a descriptor is not kept: the next call's descriptor may be another directory's.
        #expect(provider.requests.map(\.connection) == [0, 1])
    }

    @Test func `that is not there is a failed connection`() async throws {
        let long = "/" + String(repeating: "d/", count: 100) + "s"
        for path in ["/nowhere/s", long] {
            let error = await CurlTransport.failure(of: call("http://sluice/", body: "{}", socket: path))
            #expect(error?.kind == .connect)
            #expect(error?.requestSent == false)
        }
    }

    @Test(arguments: ["", "/a\u{0}b"]) func `has a path`(path: String) async throws {
        let error = await CurlTransport.failure(of: call("http://sluice/", body: "{}", socket: path))
        #expect(error?.kind == .refused)
    }

    private func makeFolder() throws -> String {
        let folder = NSTemporaryDirectory() + "sluice-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}
