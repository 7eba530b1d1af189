import SluiceStore
import SluiceTypes

/// One atomic operation of a player: what happens between two points at which others may come in.
enum Move: Sendable {
    /// Sends the scenario's job of that number.
    case submit(Int)
    /// Sends a job that starts at once, in the hands of whoever sent it.
    case submitRunning(Int, BootID)
    /// Claims as many jobs as there are places; without any, the player goes on with its next claim.
    case claim(BootID, places: Int = 1)
    /// Ends the claim that has been held longest.
    case settle(Way)
    /// The same settlement once more, as after a commit whose answer was lost.
    case settleAgain
    case rescue(BootID)
    /// Takes for orphans all that runs under this boot: whoever works on is a zombie.
    case rescueOwnOrphans(BootID)
    case cancel(Int)
    case redrive(Int, toOther: Bool)
    case deleteBodies(Int)
    case expire
    /// Lets the bodies go that are kept for a moment only, soon after the end of all that has ended.
    case forgetBodies
    /// Long after the end of all that has ended.
    case purge

    /// How a worker ends its claim.
    enum Way: String, CaseIterable, Sendable {
        case succeed
        case failForGood
        case failAndWait
        case retryNow
        case release
        case `defer`
    }

    var needsClaim: Bool {
        if case .settle = self { true } else { false }
    }

    var needsSettlement: Bool {
        if case .settleAgain = self { true } else { false }
    }
}

extension Move: CustomStringConvertible {
    var description: String {
        switch self {
        case .submit(let job): "submits job \(job)"
        case .submitRunning(let job, let boot): "starts job \(job) as \(boot)"
        case .claim(let boot, let places): "claims \(places) as \(boot)"
        case .settle(let way): "ends its claim: \(way.rawValue)"
        case .settleAgain: "ends its claim once more"
        case .rescue(let boot): "rescues as \(boot)"
        case .rescueOwnOrphans(let boot): "rescues the own orphans of \(boot)"
        case .cancel(let job): "cancels job \(job)"
        case .redrive(let job, let toOther): "redrives job \(job)\(toOther ? " to another model" : "")"
        case .deleteBodies(let job): "deletes the bodies of job \(job)"
        case .expire: "expires"
        case .forgetBodies: "lets bodies go, a little later"
        case .purge: "purges, much later"
        }
    }
}

/// A program: moves in their order, with whatever its player holds between them.
struct Player: Sendable {
    let name: String
    private let moves: [Move]
    private var place = 0
    var claims: [ClaimedJob] = []
    var done: (claim: ClaimedJob, ending: Ending, answer: Subject.Settled)?

    init(_ name: String, _ moves: [Move]) {
        self.name = name
        self.moves = moves
    }

    /// What it does next; nil at its end.
    var next: Move? {
        place < moves.count ? moves[place] : nil
    }

    /// Goes past the move that was made, and past those that have lost their object.
    mutating func moveOn() {
        place += 1
        while let next, next.needsClaim && claims.isEmpty || next.needsSettlement && done == nil { place += 1 }
    }
}
