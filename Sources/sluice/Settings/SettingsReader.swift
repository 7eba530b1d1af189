import ArgumentParser
import Configuration

/// Reads settings where they were given: the command line first, then the environment, then the preset.
struct SettingsReader {
    private let environment: ConfigReader

    /// Reads this process's environment.
    init() {
        environment = ConfigReader(
            provider: EnvironmentVariablesProvider(secretsSpecifier: .specific([Settings.token.variable]))
        )
    }

    /// Reads the variables given.
    init(environment variables: [String: String]) {
        environment = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: variables))
    }

    /// What was said of `setting`, else its preset.
    ///
    /// - Throws: ``BadVariable`` for a variable whose value can't be read.
    func value<Value>(_ setting: Setting<Value>, flag: Value?) throws(BadVariable) -> Value {
        try given(setting, flag: flag) ?? setting.preset
    }

    /// What was said of `setting`; nil for nothing.
    ///
    /// - Throws: ``BadVariable`` for a variable whose value can't be read.
    func given<Value>(_ setting: Setting<Value>, flag: Value?) throws(BadVariable) -> Value? {
        if let flag { return flag }
        // An empty variable is how many supervisors spell one that is not set.
        let key = ConfigKey(["sluice", setting.name])
        guard let text = environment.string(forKey: key, isSecret: setting.isSecret), !text.isEmpty else { return nil }
        guard let value = Value(argument: text) else {
            throw BadVariable(name: setting.variable, flag: setting.name, value: setting.isSecret ? nil : text)
        }
        return value
    }
}

/// A variable of the environment whose value can't be read.
struct BadVariable: Error, Hashable, CustomStringConvertible {
    var name: String
    var flag: String
    /// Nil for a secret.
    var value: String?

    var description: String {
        let shown = value.map { " '\(Printable.line($0))'" } ?? ""
        return "The value\(shown) of \(name) is none that --\(flag) takes; correct or unset it (--help tells more)."
    }
}
