import HTTPTypes
import SluiceTypes

extension HTTPFields {
    /// The job that the head of an answer names: in a field of its own, or last in the path at which it stands.
    var namedJob: JobID? {
        let named = self[.sluiceJob] ?? self[.location].flatMap { $0.split(separator: "/").last.map(String.init) }
        return named.flatMap { JobID($0) }
    }
}
