package import SluiceTypes

/// Queued jobs that any provider row which serves one of them serves all of: the unit of claiming and of holding.
package struct JobGroup: Hashable, Sendable {
    package var lane: Lane
    package var operation: Operation
    package var format: RequestFormat
    package var route: String

    package init(lane: Lane, operation: Operation, format: RequestFormat, route: String) {
        self.lane = lane
        self.operation = operation
        self.format = format
        self.route = route
    }
}
