import HTTPTypes
import SluiceDialects
import SluiceEngine

extension HTTPFields {
    /// Adds what the provider said of its answer, who it is, and what of the request it was not told.
    mutating func tell(of live: LiveCall) {
        pass(live.fields)
        self[.sluiceRow] = live.row
        if !live.dropped.isEmpty { self[.sluiceDropped] = DroppedNames(live.dropped).value }
    }
}
