package import SluiceTypes

/// Whose a line of the ledger is, and of when: fixed by what was told first.
package struct LedgerKey: Sendable, Hashable {
    package var owner: OwnerID
    /// Nil where none was told.
    package var token: TokenID?
    /// The provider row's name.
    package var provider: String
    /// The model's name as the provider knows it.
    package var model: String
    /// When the attempt began.
    package var at: Timestamp
    /// See ``JobTerms/tag``.
    package var tag: String?
    /// The caller's conversation; nil where it names none, and once the job was deleted.
    package var session: SessionMark?

    package init(
        owner: OwnerID,
        token: TokenID?,
        provider: String,
        model: String,
        at: Timestamp,
        tag: String? = nil,
        session: SessionMark? = nil
    ) {
        self.owner = owner
        self.token = token
        self.provider = provider
        self.model = model
        self.at = at
        self.tag = tag
        self.session = session
    }

    /// The key of an attempt's line in the store whose secret this is.
    package init(_ job: ClaimedJob, secret: [UInt8]) {
        self.init(job.facts, job.start, secret: secret)
    }

    /// The key of an attempt's line in the store whose secret this is.
    package init(_ job: JobFacts, _ start: AttemptStart, secret: [UInt8]) {
        self.init(
            owner: job.owner,
            token: job.token,
            provider: start.row,
            model: start.model,
            at: start.startedAt,
            tag: job.terms.tag,
            session: job.terms.session.map { SessionMark($0, of: job.owner, secret: secret) }
        )
    }

    /// The UTC day in which it counts, in days since 1970.
    package var day: Int64 { LedgerKey.day(of: at) }

    /// The UTC day of a moment, in days since 1970.
    package static func day(of moment: Timestamp) -> Int64 {
        let (days, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return rest < 0 ? days - 1 : days
    }
}
