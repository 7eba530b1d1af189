package import SluiceStore
import SluiceTypes

extension MemoryStore {
    package func submit(_ job: NewJob) async throws(StoreError) -> Submission {
        try run { (state) throws(StoreError) in
            switch try state.admit(job) {
            case .new(let new):
                if state.fault != .forgetsSubmitted { state.put(new) }
                return .created(job.id)
            case .replayed(let id): return .replayed(id)
            case .keyReused: return .keyReused
            case .noParent: return .noParent
            }
        }
    }

    package func submitRunning(
        _ job: NewJob,
        start: AttemptStart,
        boot: BootID
    ) async throws(StoreError) -> RunningSubmission {
        try await bearCall()
        let arrival: Arrival = try run { (state) throws(StoreError) in
            let arrival = try state.admit(job)
            guard case .new(var new) = arrival else { return arrival }
            new.begin(start, boot: boot)
            state.put(new)
            return .new(new)
        }
        switch arrival {
        case .new(let new): return .started(Claim(new.claimed(start)))
        case .replayed(let id): return .replayed(id)
        case .keyReused: return .keyReused
        case .noParent: return .noParent
        }
    }
}
