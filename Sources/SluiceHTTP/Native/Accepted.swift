import SluiceJSON
import SluiceStore
import SluiceTypes

/// A prompt that was taken, or had been taken before.
struct Accepted {
    var id: JobID
    var document: Document
    /// What was stored; nil for a prompt that had been taken before.
    var new: NewJob?

    var isReplay: Bool { new == nil }
}
