import Logging
import SluiceCatalogue
import SluiceEngine
import SluiceHTTP
import SluiceProvider

/// Reads the providers file again.
struct Reloader: Sendable {
    let file: String
    let proxyFromEnvironment: Bool
    let engine: Engine
    let logger: Logger

    /// Takes the file's rows, or leaves the old ones in place where it is faulty.
    @Sendable
    func reload() async -> ReloadOutcome {
        do {
            let catalogue = try await Composition.catalogue(file: file, proxyFromEnvironment: proxyFromEnvironment)
            engine.reload(catalogue)
            logger.info("providers reloaded", metadata: ["rows": "\(catalogue.rows.count)"])
            return .reloaded
        } catch {
            logger.error("the providers file is faulty; the old rows stay")
            for line in error.description.split(separator: "\n") { logger.error("\(line)") }
            return .refused(error.faults.map(ReloadFault.init))
        }
    }
}

extension ReloadFault {
    fileprivate init(_ fault: ProviderFileError.Fault) {
        self.init(pointer: fault.pointer, message: fault.message, line: fault.line, column: fault.column)
    }
}
