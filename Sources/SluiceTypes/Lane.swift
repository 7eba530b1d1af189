/// Which queue a job stands in: interactive work is claimed before bulk work.
public enum Lane: String, Sendable, CaseIterable {
    case interactive
    case bulk
}
