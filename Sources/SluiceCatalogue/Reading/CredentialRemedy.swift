/// What helps whoever reads that a credential has no value.
package enum CredentialRemedy: Sendable {
    /// A gateway that runs, or is to: a variable reaches it at its start alone.
    case gateway
    /// A command that reads the file, and is run again.
    case command

    /// What to do about a variable.
    var forVariable: String {
        switch self {
        case .gateway: "set it and start the gateway again"
        case .command: "set it and try again"
        }
    }

    /// What to do about a file.
    var forFile: String {
        switch self {
        case .gateway: "put the key there and run `sluice provider reload`"
        case .command: "put the key there and try again"
        }
    }
}
