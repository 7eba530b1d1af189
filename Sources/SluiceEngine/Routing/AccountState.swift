import SluiceTypes

/// What the router knows of one account.
struct AccountState: Sendable {
    /// So many models that are limited within ``ofAllWithin`` limit the account.
    static let modelsOfAll = 3
    static let ofAllWithin = Duration.seconds(10)

    private(set) var windows = BoundedStates(Window()) { $0.isIdle }
    /// Shut where the account as a whole is limited.
    private(set) var whole = Window()
    var key = KeyHealth()
    var suspicion = Suspicion()
    /// The models that were limited last.
    private var limited: [(model: String, at: Duration)] = []

    /// Whether a call of `owner` for `model` may start as far as limits go; nil stands for whoever is not named.
    func passage(of owner: OwnerID?, for model: String, at uptime: Duration) -> Passage {
        whole.passage(of: owner, at: uptime).and(windows[model].passage(of: owner, at: uptime))
    }

    /// The owners for whom alone something is shut.
    func named(for model: String) -> [OwnerID] {
        [whole.affected?.owner, windows[model].affected?.owner].compactMap(\.self)
    }

    /// When a call for `model` last ended well.
    func lastWell(_ model: String) -> Duration? { windows[model].lastWell }

    /// A call of `owner` for `model` goes though something is shut: the marks of its probes.
    mutating func beginProbe(
        of owner: OwnerID?,
        for model: String,
        at uptime: Duration
    ) -> (
        whole: Duration?, window: Duration?
    ) {
        let ofWhole = whole.passage(of: owner, at: uptime) == .probe ? whole.beginProbe(at: uptime) : nil
        guard windows[model].passage(of: owner, at: uptime) == .probe else { return (ofWhole, nil) }
        return (ofWhole, windows.change(model) { $0.beginProbe(at: uptime) })
    }

    mutating func endProbe(for model: String, whole mark: Duration?, window: Duration?) {
        whole.endProbe(mark)
        if window != nil { windows.change(model) { $0.endProbe(window) } }
    }

    /// The provider asked for patience with `model`.
    ///
    /// Returns how long it stays shut.
    mutating func close(
        _ model: String,
        for wish: Duration?,
        guessing guess: Duration,
        to owner: OwnerID,
        at uptime: Duration
    ) -> Duration {
        guard Promise.windowByModel.holds else {
            return whole.close(for: wish, guessing: guess, to: owner, at: uptime)
        }
        limited.removeAll { $0.model == model || uptime - $0.at > AccountState.ofAllWithin }
        limited.append((model, uptime))
        let isCrowded = windows.isFull && windows.values.allSatisfy { !$0.isIdle }
        if limited.count >= AccountState.modelsOfAll || isCrowded {
            limited = []
            return whole.close(for: wish, guessing: guess, to: owner, at: uptime)
        }
        return windows.change(model) { $0.close(for: wish, guessing: guess, to: owner, at: uptime) }
    }

    /// A call of `owner` for `model` ended well.
    ///
    /// For whom that opened a window; nil where it did not.
    mutating func noteWell(of owner: OwnerID, for model: String, at uptime: Duration) -> Affected? {
        let opened = whole.noteWell(of: owner, at: uptime)
        let openedToo = windows.change(model) { $0.noteWell(of: owner, at: uptime) }
        return opened == .all ? opened : openedToo ?? opened
    }
}
