import SluiceStore
import SluiceTypes

/// What a pool is found by: what is asked for, the format of the request, and what may answer it.
struct RouteKey: Hashable, Sendable {
    var operation: Operation
    /// A row that can't be asked in it is none of the pool.
    var format: RequestFormat
    /// See ``ModelRoute``.
    var route: String

    init(_ operation: Operation, _ format: RequestFormat, _ route: String) {
        self.operation = operation
        self.format = format
        self.route = route
    }

    /// Whether one account alone may answer.
    var isBound: Bool { ModelRoute(text: route).isBound }

    /// The same for whoever serves the models.
    var unbound: RouteKey { RouteKey(operation, format, ModelRoute(text: route).unbound.text) }
}

extension JobGroup {
    /// Where its jobs are sent.
    var key: RouteKey { RouteKey(operation, format, route) }
}
