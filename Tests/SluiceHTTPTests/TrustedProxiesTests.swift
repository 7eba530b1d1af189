import HTTPTypes
import SluiceTypes
import Testing

@testable import SluiceHTTP

/// For whom a proxy calls, and whom one believes.
struct TrustedProxiesTests {
    private static let proxies = TrustedProxies(["10.0.0.0/8", "2001:db8::/32"].compactMap { IPRange($0) })

    @Test(
        "the last that is no proxy of ours has sent it, whatever stands before him",
        arguments: [
            // A stranger may say what he wants.
            ("203.0.113.1", ["10.0.0.9"], "203.0.113.1"),
            ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("10.0.0.1", ["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
            // Three in a row, in one field or several.
            ("10.0.0.1", ["1.1.1.1, 203.0.113.7,10.0.0.3 , 10.0.0.2"], "203.0.113.7"),
            ("10.0.0.1", ["1.1.1.1", "203.0.113.7", "10.0.0.2"], "203.0.113.7"),
            ("::ffff:10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
            ("10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
            ("2001:db8::1", ["[2001:db9::7]:4711, 2001:db8::2"], "2001:db9:0:0:0:0:0:7"),
            // All are ours: whoever stands first.
            ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            // What is no address ends the row.
            ("10.0.0.1", ["203.0.113.7, unknown"], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.7, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", [""], "10.0.0.1"), ("10.0.0.1", [",,"], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.7,"], "10.0.0.1"),
        ]
    )
    func forwardedFor(peer: String, fields: [String], client: String) {
        var headers = HTTPFields()
        for field in fields {
            headers.append(HTTPField(name: HTTPField.Name("X-Forwarded-For") ?? .accept, value: field))
        }
        #expect(Self.proxies.client(of: peer, headers) == client)
        #expect(TrustedProxies().client(of: peer, headers) == peer)
    }

    @Test(
        "Forwarded says it as well, where the other field is not there",
        arguments: [
            ("for=203.0.113.7", "203.0.113.7"), ("For=\"[2001:db9::7]:4711\";proto=https", "2001:db9:0:0:0:0:0:7"),
            ("for=1.1.1.1, by=10.0.0.2;for=203.0.113.7;host=a, for=10.0.0.3", "203.0.113.7"),
            ("for=_hidden", "10.0.0.1"), ("proto=https", "10.0.0.1"), ("for=unknown, for=10.0.0.3", "10.0.0.3"),
        ]
    )
    func forwarded(field: String, client: String) throws {
        var headers = HTTPFields()
        headers.append(HTTPField(name: try #require(HTTPField.Name("Forwarded")), value: field))
        #expect(Self.proxies.client(of: "10.0.0.1", headers) == client)
        headers.append(HTTPField(name: try #require(HTTPField.Name("X-Forwarded-For")), value: "203.0.113.9"))
        #expect(Self.proxies.client(of: "10.0.0.1", headers) == "203.0.113.9")
        #expect(Self.proxies.client(of: nil, headers) == nil)
    }

    @Test(
        "what stands before all paths is taken off where it stands there, and nothing else",
        arguments: [
            ("/llm/v1/models", "/v1/models"), ("/llm", "/"), ("/llm/", "/"), ("/llmx/v1", "/llmx/v1"),
            ("/v1/models", "/v1/models"),
        ]
    )
    func base(path: String, local: String) {
        #expect(PathSpelling.path(path[...], below: "/llm") == local[...])
        #expect(PathSpelling.path(path[...], below: "") == path[...])
    }
}
