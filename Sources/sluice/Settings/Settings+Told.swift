import SluiceHTTP

extension Settings {
    /// What `serve` was told of each of its settings, in the words in which it was said.
    ///
    /// - Parameters:
    ///   - words: what stood on the command line.
    ///   - environment: the process's variables.
    /// - Returns: one for each setting, with the preset where nothing was said.
    static func told(_ words: [String], _ environment: [String: String]) -> [SettingFact] {
        all.filter { $0.name != url.name && $0.name != token.name }.map { setting in
            let shown: (String) -> String = { setting.isSecret ? "(set)" : $0 }
            let flags = values(of: "--" + setting.name, in: words)
            if !flags.isEmpty { return SettingFact(setting.name, shown(flags.joined(separator: ",")), .flag) }
            if let text = environment[setting.variable], !text.isEmpty {
                return SettingFact(setting.name, shown(text), .variable)
            }
            return SettingFact(setting.name, setting.presetText, .preset)
        }
    }

    private static func values(of flag: String, in words: [String]) -> [String] {
        words.indices.compactMap { index in
            if words[index].hasPrefix(flag + "=") { return String(words[index].dropFirst(flag.count + 1)) }
            guard words[index] == flag else { return nil }
            let next = words.dropFirst(index + 1).first
            return next.flatMap { $0.hasPrefix("--") ? nil : $0 } ?? "on"
        }
    }
}
