import GRDB
import SluiceStore
import SluiceTesting
import SluiceTypes

@testable import SluiceSQLite

/// An operation whose answer does not matter.
struct AnyOperation: WriteOperation {
    let body: @Sendable (Database, inout WriterState) throws -> Void

    init(_ operation: some WriteOperation) {
        body = { db, state in _ = try operation.run(db, &state) }
    }

    init(body: @escaping @Sendable (Database, inout WriterState) throws -> Void) {
        self.body = body
    }

    func run(_ db: Database, _ state: inout WriterState) throws {
        try body(db, &state)
    }
}

/// Lets all operations wait together, then lets the writer go on; `prepare` runs before that.
func inOneBatch<Operation: WriteOperation>(
    _ store: SQLiteStore,
    _ operations: [Operation],
    prepare: () -> Void = {}
) async throws -> [Result<Operation.Answer, StoreError>] {
    let gate = Gate()
    return try await withThrowingTaskGroup(of: (Int, Result<Operation.Answer, StoreError>)?.self) { group in
        group.addTask {
            _ = await store.attempt(WaitAtGate(gate: gate))
            return nil
        }
        while !gate.isReached { await Task.yield() }
        for (index, operation) in operations.enumerated() {
            group.addTask { (index, await store.attempt(operation)) }
            while store.waitingWrites <= index { await Task.yield() }
        }
        prepare()
        gate.open()
        var answers: [(Int, Result<Operation.Answer, StoreError>)] = []
        for try await answer in group { if let answer { answers.append(answer) } }
        return answers.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

func code<Answer>(_ answer: Result<Answer, StoreError>) -> StoreError.Code? {
    guard case .failure(let error) = answer else { return nil }
    return error.code
}

func submissionError(_ store: SQLiteStore, _ job: NewJob) async -> StoreError? {
    await storeError { () throws(StoreError) in _ = try await store.submit(job) }
}

/// The ids among `ids` that the store does not know.
func missing(_ ids: [JobID], in store: SQLiteStore) async throws -> [JobID] {
    var missing: [JobID] = []
    for id in ids where try await store.job(id, owner: nil) == nil { missing.append(id) }
    return missing
}

/// Claims the one job of the examples' group that is due.
func claimOne(_ store: SQLiteStore, model: String = "gpt") async throws -> Claim {
    var batch = try await store.claim(
        ClaimRequest(
            group: JobGroup(lane: .bulk, operation: .chat, route: model),
            boot: .mine,
            now: .later,
            starts: [.example]
        )
    )
    if let claim = batch.next() { return claim }
    throw StoreError(.unavailable, "there was nothing to claim")
}
