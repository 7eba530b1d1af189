import ArgumentParser
import Foundation
import Testing

@testable import sluice

@Suite struct SettingsTests {
    @Test(arguments: [
        ("90d", 7_776_000), ("24h", 86_400), ("30m", 1800), ("2s", 2), ("0s", 0), ("36500d", 36_500 * 86_400),
    ])
    func aDurationIsANumberAndAUnit(text: String, seconds: Int64) {
        #expect(DurationArgument(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "5", "s", "-1s", "+1s", "1.5h", "1y", "1 s", "1S", "٣s", "36501d", "99999999999999999999d"])
    func nothingElseIsADuration(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: ["90d", "25h", "90m", "61s", "0s"])
    func aDurationIsSpeltAsShortAsItCanBe(text: String) {
        #expect(DurationArgument(argument: text)?.description == text)
    }

    @Test(arguments: ["0", "-1", "x", "2147483648"])
    func aCountIsAWholeNumberFromOneOn(text: String) {
        #expect(Count(argument: text) == nil)
    }

    @Test(arguments: [("64KiB", 65_536), ("256MiB", 268_435_456), ("1GiB", 1_073_741_824)])
    func aNumberOfBytesHasAUnit(text: String, count: Int) {
        #expect(Bytes(argument: text)?.count == count)
        #expect(Bytes(argument: text)?.description == text)
    }

    @Test(arguments: ["", "MiB", "1", "-1MiB", "+1MiB", "1.5GiB", "1MB", "1 MiB", "63KiB", "9999999999999999GiB"])
    func nothingElseIsANumberOfBytes(text: String) {
        #expect(Bytes(argument: text) == nil)
    }

    @Test(arguments: ["0s", "0d", "", "1", "-1s"])
    func whatIsDoneAgainIsNotDoneWithoutAPause(text: String) {
        #expect(Interval(argument: text) == nil)
        #expect(Interval(argument: "1s")?.duration == .seconds(1))
    }

    @Test(arguments: [("[::1]", "::1"), ("::1", "::1"), ("localhost", "localhost"), ("0.0.0.0", "0.0.0.0")])
    func aHostMayStandInBrackets(text: String, name: String) {
        #expect(Host(argument: text)?.name == name)
    }

    @Test(arguments: ["", "[]", "[localhost]"])
    func nothingElseIsAHost(text: String) {
        #expect(Host(argument: text) == nil)
    }

    @Test(arguments: [
        "*", "null", "", "app.example.com", "https://", "https://a/b", "https://a,", "https://*.a", "ftp://a",
        "https://a?b", "https://u@a", "https://a b",
    ])
    func nothingElseIsAnOrigin(text: String) {
        #expect(WebOrigins(argument: text) == nil)
    }

    @Test func originsOfPagesAreSchemeHostAndPort() {
        let origins = WebOrigins(argument: "https://App.example.com, http://localhost:5173")?.origins
        #expect(origins == ["https://app.example.com", "http://localhost:5173"])
    }

    @Test func theCommandLineComesBeforeTheEnvironmentAndThatBeforeThePreset() throws {
        let reader = SettingsReader(environment: ["SLUICE_PORT": "9000", "SLUICE_DRAIN_DELAY": "5s", "SLUICE_HOST": ""])
        #expect(try reader.value(ListeningOptions.port, flag: 9001) == 9001)
        #expect(try reader.value(ListeningOptions.port, flag: nil) == 9000)
        #expect(try reader.value(WaitingOptions.drainDelay, flag: nil).duration == .seconds(5))
        #expect(try reader.value(WaitingOptions.grace, flag: nil).duration == .seconds(30))
        #expect(try reader.value(ListeningOptions.host, flag: nil).name == "127.0.0.1")
    }

    @Test func aBadVariableIsNamedWithItsValue() {
        let reader = SettingsReader(environment: ["SLUICE_GRACE": "soon"])
        let error = #expect(throws: BadVariable.self) { try reader.value(WaitingOptions.grace, flag: nil) }
        #expect(error?.description.contains("SLUICE_GRACE") == true)
        #expect(error?.description.contains("'soon'") == true)
        #expect(error?.description.contains("--grace") == true)
    }

    /// The help of a command and of all below it, each set of lines as one.
    private static func help(_ command: any ParsableCommand.Type = Sluice.self) -> [String: String] {
        let name = command._commandName
        let own = command.helpMessage(includeHidden: true, columns: 100_000)
        return command.configuration.subcommands.reduce(into: [name: own]) { found, below in
            found.merge(help(below)) { $0 + $1 }
        }
    }

    @Test func everySettingStandsInTheHelpWithItsVariableAndItsPreset() throws {
        let everyHelp = Self.help()
        let serve = try #require(everyHelp["serve"])
        for setting in Settings.all {
            let preset = setting.presetText.isEmpty ? "]" : "; \(setting.presetText)]"
            let ofCallers = ["url", "token"].contains(setting.name)
            let helps = ofCallers ? Array(everyHelp.values) : [serve]
            let isTold = helps.contains { help in
                // The last one, for the first may stand in the line of the usage.
                // A switch has no value on the command line.
                let end = setting is Setting<Switch> ? "" : " <"
                let rest = help.range(of: "--\(setting.name)\(end)", options: .backwards).map { help[$0.upperBound...] }
                let bracket = rest?.range(of: "[SLUICE_").map { rest![$0.lowerBound...] }
                return bracket?.hasPrefix("[\(setting.variable)\(preset)") == true
            }
            #expect(isTold, "--\(setting.name)")
        }
    }

    @Test func noVariableStandsInTheHelpThatIsNoSetting() {
        let known = Set(Settings.all.map(\.variable))
        #expect(known.count == Settings.all.count)
        for (command, text) in Self.help() {
            for variable in text.matches(of: /SLUICE_[A-Z_]+/).map({ String($0.output) }) {
                #expect(known.contains(variable), "\(command) names \(variable)")
            }
        }
    }

    @Test func everySettingStandsInTheReadmeWithItsPreset() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        for setting in Settings.all {
            let line = readme.split(separator: "\n").first { $0.contains("`\(setting.variable)`") }
            #expect(
                line.map { setting.presetText.isEmpty || $0.contains(setting.presetText) } == true,
                "\(setting.variable) with \(setting.presetText)"
            )
        }
    }

    @Test(arguments: ["127.0.0.1", "127.8.9.10", "localhost", "::1"])
    func loopbackIsKnown(host: String) {
        #expect(Loopback.contains(host))
    }

    @Test(arguments: ["0.0.0.0", "::", "10.0.0.1", "127.evil.example.com", "127.0.0.1.example.com", "128.0.0.1"])
    func otherHostsAreNoLoopback(host: String) {
        #expect(!Loopback.contains(host))
    }

    @Test func tooFewFilesAreComplainedAbout() {
        let few = FileBudget(limit: 1024, connections: 4096, calls: 2048, cores: 2)
        #expect(few.complaint?.contains("6400") == true && few.complaint?.contains("512 connections") == true)
        #expect(FileBudget(limit: 65_536, connections: 4096, calls: 2048, cores: 2).complaint == nil)
    }

    @Test(arguments: [
        (65_536, 2048, 63_232), (6400, 2048, 4096), (6000, 1914, 3830), (4300, 1348, 2696), (1024, 256, 512),
        (200, 48, 96),
        (100, 14, 30), (2, 1, 1),
    ])
    func filesAreSharedOut(limit: Int, calls: Int, connections: Int) {
        let budget = FileBudget(limit: UInt64(limit), connections: 4096, calls: 2048, cores: 2)
        #expect(budget.calls == calls)
        #expect(budget.connections == connections)
    }
}
