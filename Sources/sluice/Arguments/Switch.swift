import ArgumentParser

/// Something that is done or not: a flag without a value on the command line, a word in the environment.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    case on
    case off

    /// Takes what people write for it.
    init?(argument: String) {
        switch argument.lowercased() {
        case "on", "true", "yes", "1": self = .on
        case "off", "false", "no", "0": self = .off
        default: return nil
        }
    }

    /// What a flag says: nothing where it was not given.
    init?(flag: Bool) {
        guard flag else { return nil }
        self = .on
    }
}
