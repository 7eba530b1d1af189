import ArgumentParser

/// A setting of whatever type.
protocol AnySetting: Sendable {
    /// As on the command line, without the dashes.
    var name: String { get }
    /// As in `SLUICE_DRAIN_DELAY`.
    var variable: String { get }
    /// What stands when nothing was said, as it would be written on the command line; empty where nothing does.
    var presetText: String { get }
    /// True for one whose value must not be printed.
    var isSecret: Bool { get }
}

/// One setting: a flag, a variable of the environment with the same name, and a value for when neither is given.
struct Setting<Value: ExpressibleByArgument & Sendable>: AnySetting {
    /// As on the command line, without the dashes.
    var name: String
    /// What stands when nothing was said; the empty text where the command decides.
    var preset: Value
    /// One line of explanation.
    var explanation: String
    /// True for one whose value must not be printed.
    var isSecret: Bool

    init(_ name: String, _ preset: Value, _ explanation: String, isSecret: Bool = false) {
        self.name = name
        self.preset = preset
        self.explanation = explanation
        self.isSecret = isSecret
    }

    /// As in `SLUICE_DRAIN_DELAY`.
    var variable: String { "SLUICE_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 }) }

    var presetText: String { preset.defaultValueDescription }

    /// The help line, which names the variable beside the flag.
    var help: ArgumentHelp {
        ArgumentHelp("\(explanation) [\(variable)\(presetText.isEmpty ? "" : "; \(presetText)")]")
    }
}
