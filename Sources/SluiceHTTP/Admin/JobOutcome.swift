import SluiceJSON
import SluiceStore
import SluiceTypes

/// What became of one job of a request for many.
struct JobOutcome: Sendable {
    /// What was done to it.
    enum Change: Sendable {
        /// What was asked for.
        case done
        /// There was nothing to do any more.
        case needless
        /// It was left as it is, for this reason.
        case refused(String)
    }

    /// Which job it is.
    var id: JobID
    /// What was done to it.
    var change: Change

    /// Why it was left as it is; nil where it was not refused.
    var refusal: String? {
        if case .refused(let sentence) = change { return sentence }
        return nil
    }

    /// True when it was changed.
    var isDone: Bool {
        if case .done = change { return true }
        return false
    }
}

extension AdminAPI {
    /// Changes all the jobs at once, so that they share commits; what became of them comes in their order.
    ///
    /// `change` throws what refuses a job, and answers false where there was nothing to do.
    func changeAll<Job: Sendable>(
        _ jobs: [Job],
        id: KeyPath<Job, JobID>,
        _ change: @escaping @Sendable (Job) async throws -> Bool
    ) async -> [JobOutcome] {
        await withTaskGroup(of: (place: Int, change: JobOutcome.Change).self) { group in
            for (place, job) in jobs.enumerated() {
                group.addTask { (place, await Self.outcome { try await change(job) }) }
            }
            var outcomes = jobs.map { JobOutcome(id: $0[keyPath: id], change: .needless) }
            for await result in group { outcomes[result.place].change = result.change }
            return outcomes
        }
    }

    private static func outcome(of change: () async throws -> Bool) async -> JobOutcome.Change {
        do {
            return try await change() ? .done : .needless
        } catch let problem as Problem {
            return .refused(problem.detail)
        } catch let error as StoreError {
            return .refused(error.message)
        } catch {
            return .refused("the gateway failed: \(type(of: error))")
        }
    }

    /// The answer of a request for many: the ids of those that were changed under `name`, and why others were not.
    ///
    /// `next` is where the next page begins.
    func reply(_ name: String, _ outcomes: [JobOutcome], next: String?) -> AdminReply {
        .object { writer in
            writer.texts(name, outcomes.filter(\.isDone).map(\.id.description))
            writer.objects("refused", outcomes.filter { $0.refusal != nil }) { outcome, writer in
                writer.member("id", outcome.id.description)
                writer.member("detail", outcome.refusal)
            }
            writer.member("next", next)
        }
    }
}
