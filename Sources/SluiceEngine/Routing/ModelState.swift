import SluiceTypes

/// What the router knows of one model of a row.
struct ModelState {
    var window = RateLimitWindow()
    var breaker = Breaker()

    /// Whether a call of `owner` may start; nil stands for jobs of the queue.
    func admits(_ owner: OwnerID?, at uptime: Duration) -> Bool {
        window.closedFor(at: uptime) == nil && breaker.admits(owner, at: uptime)
    }

    func isIdle(at uptime: Duration) -> Bool {
        window.isIdle(at: uptime) && breaker.isIdle(at: uptime)
    }
}
