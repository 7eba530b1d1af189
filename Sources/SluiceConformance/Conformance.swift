import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// Checks an adapter against the fixtures in its folder.
///
/// The formats are described in `docs/adapters.md`. Checked are: the exact call for each request; the same events for
/// any chopping of a response; no success for one that was cut; errors in the right class; the folder's
/// `plugin.json` the adapter's own.
public enum Conformance {
    /// What a run found.
    public struct Report: Sendable, Hashable, CustomStringConvertible {
        /// One thing that is wrong.
        public struct Failure: Sendable, Hashable {
            /// The file it was seen with, relative to the plugin's folder.
            public var file: String
            /// What is wrong, in a sentence or a few lines.
            public var message: String

            /// Creates a failure.
            public init(file: String, message: String) {
                self.file = file
                self.message = message
            }
        }

        /// The adapter's id.
        public var adapter: String
        /// How many fixtures were run.
        public var fixtures = 0
        /// How many single checks were made.
        public var checks = 0
        /// What is wrong, in the order in which it was found.
        public var failures: [Failure] = []

        /// True when fixtures were run and nothing was found wrong.
        public var passed: Bool { failures.isEmpty && fixtures > 0 }

        /// The report for a person: a line for each failure and a last one that sums up.
        public var description: String {
            let lines = failures.map { "\($0.file): \($0.message)" }
            let verdict = passed ? "conforms" : "does not conform"
            let sum = "\(adapter) \(verdict): \(fixtures) fixtures, \(checks) checks, \(failures.count) failures"
            return (lines + [sum]).joined(separator: "\n")
        }

        /// Adds what was found with the fixtures of another adapter's folder.
        mutating func add(_ found: Report, of folder: String) {
            fixtures += found.fixtures
            checks += found.checks
            for failure in found.failures { fail("../\(folder)/\(failure.file)", failure.message) }
        }

        mutating func fail(_ file: String, _ message: String) {
            failures.append(Failure(file: file, message: message))
        }

        /// Counts a check, and notes what is wrong when it does not hold.
        mutating func check(_ holds: Bool, _ file: String, _ message: @autoclosure () -> String) {
            checks += 1
            if !holds { fail(file, message()) }
        }
    }

    /// Runs every fixture in `folder`, which holds `plugin.json` and `Fixtures/`, and those of `others`.
    ///
    /// - Parameters:
    ///   - source: where the adapter comes from.
    ///   - folder: the adapter's own folder.
    ///   - others: the folders of adapters whose work this one does as well, so that it has to pass what they pass.
    /// - Returns: what is wrong, and how much was looked at.
    public static func run(_ source: any AdapterSource, folder: String, others: [String] = []) async -> Report {
        let manifest = source.manifest
        var report = Report(adapter: manifest.id)
        let files = FixtureFolder(folder)
        checkFile(manifest, files, &report)
        let fixtures = await run(source, files, &report)
        checkCoverage(manifest, fixtures, &report)
        for other in others {
            var found = Report(adapter: manifest.id)
            _ = await run(source, FixtureFolder(other), &found)
            found.check(found.fixtures > 0, "Fixtures", "there is no fixture to pass")
            report.add(found, of: other.split(separator: "/").last.map(String.init) ?? other)
        }
        return report
    }

    /// Runs the fixtures of one folder, and answers what they are.
    private static func run(
        _ source: any AdapterSource,
        _ files: FixtureFolder,
        _ report: inout Report
    ) async -> [FixtureName] {
        let kinds = files.names.map(FixtureName.init)
        for (name, kind) in zip(files.names, kinds) where kind == nil {
            report.fail("Fixtures/\(name)", "is no fixture's name; see docs/adapters.md for what they are called")
        }
        let fixtures = kinds.compactMap(\.self)
        checkPairs(fixtures, &report)
        for fixture in fixtures where fixture.kind == .request {
            await RequestCheck(source: source, files: files, name: fixture.name).run(&report)
        }
        for fixture in fixtures where fixture.kind == .response {
            await ResponseCheck(source: source, files: files, name: fixture.name).run(&report)
        }
        return fixtures
    }

    /// The fixtures are the adapter's own.
    private static func checkFile(_ manifest: Manifest, _ files: FixtureFolder, _ report: inout Report) {
        do throws(FixtureFault) {
            let id = try files.json("plugin.json")[key: "id"]?.string
            report.check(id == manifest.id, "plugin.json", "the id is not \"\(manifest.id)\", the adapter's")
        } catch {
            report.fail("plugin.json", error.message)
        }
    }

    /// A file without its partner would be passed over in silence.
    private static func checkPairs(_ fixtures: [FixtureName], _ report: inout Report) {
        for fixture in fixtures {
            let partners = fixture.kind.partners
            let others = fixtures.filter { $0.name == fixture.name && partners.contains($0.kind) }
            let wanted = partners.map { "\(fixture.name).\($0.rawValue)" }.joined(separator: " or ")
            report.check(others.count == 1, fixture.path, "needs exactly one of \(wanted) beside it")
        }
    }

    private static func checkCoverage(_ manifest: Manifest, _ fixtures: [FixtureName], _ report: inout Report) {
        let kinds = Set(fixtures.map(\.kind))
        report.check(kinds.contains(.request), "Fixtures", "there must be a *.request.json")
        guard manifest.needsEndpoint else { return }
        report.check(kinds.contains(.response), "Fixtures", "there must be a *.response.http")
    }
}
