import ArgumentParser

/// The name or address of a host, without the brackets that an IPv6 address has in a URL.
struct Host: Hashable, Sendable, ExpressibleByArgument {
    var name: String

    init(name: String) {
        self.name = name
    }

    init?(argument: String) {
        let isBracketed = argument.hasPrefix("[") && argument.hasSuffix("]")
        let name = isBracketed ? String(argument.dropFirst().dropLast()) : argument
        guard !name.isEmpty, !name.utf8.contains(0), !isBracketed || name.contains(":") else { return nil }
        self.name = name
    }

    var defaultValueDescription: String { name }
}
