package import SluiceTypes

/// A job's way from one state into another.
package struct JobMove: Sendable, Hashable {
    package var id: JobID
    package var kind: JobKind
    /// Nil for a job that came in.
    package var from: JobState?
    package var to: JobState
    /// Why a dead job died.
    package var errorClass: ErrorClass?
    /// How long a job that begins to run had been due.
    package var waited: Duration?

    package init(
        _ id: JobID,
        _ kind: JobKind,
        from: JobState?,
        to: JobState,
        errorClass: ErrorClass? = nil,
        waited: Duration? = nil
    ) {
        self.id = id
        self.kind = kind
        self.from = from
        self.to = to
        self.errorClass = errorClass
        self.waited = waited
    }
}
