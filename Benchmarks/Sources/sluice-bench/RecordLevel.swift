import BenchMachine

/// How much of a call a gateway keeps.
struct RecordLevel {
    /// A word for thresholds and directories.
    let key: String
    /// What the report calls it.
    let name: String
    let arguments: [String]
    /// Microseconds of CPU that a sync call may cost.
    let goal: Double

    /// Those that the binary knows; of one without the flag its only one.
    static func known(to plan: Plan, _ workplace: Workplace) throws(BenchFault) -> [RecordLevel] {
        let output = "\(workplace.path)/help"
        let help = try Child(plan.server, ["serve", "--help"], output: output, errors: output)
        _ = try help.exitCode(within: 30)
        guard text(of: output).contains("--record") else {
            return [RecordLevel(key: "default", name: "gateway", arguments: [], goal: 120)]
        }
        return [("none", 60.0), ("accounting", 120), ("full", 120)].map { level, goal in
            RecordLevel(key: level, name: "gateway, --record \(level)", arguments: ["--record", level], goal: goal)
        }
    }
}
