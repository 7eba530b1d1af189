import ArgumentParser
import SluiceJSON

/// An error for scripts: one line of JSON on standard error.
enum ErrorJSON {
    static func text(of error: any Error, exitCode: Int32, _ message: String) -> String {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("error", message)
                writer.member("exitCode", Int(exitCode))
                let problem = (error as? Failure)?.problem ?? []
                writer.memberIfPresent("problem", problem.isEmpty ? nil : RawJSON(problem))
            }
        }.text
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
