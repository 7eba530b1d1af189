/// Who tells: this process.
struct OTLPResource: Sendable {
    var attributes: [Attribute]
    var version: String
}

extension WireWriter {
    mutating func resource(_ resource: OTLPResource) {
        message(1, "resource") { $0.attributes(1, resource.attributes) }
    }

    mutating func scope(_ resource: OTLPResource) {
        message(1, "scope") {
            $0.string(1, "name", "sluice")
            $0.string(2, "version", resource.version)
        }
    }
}
