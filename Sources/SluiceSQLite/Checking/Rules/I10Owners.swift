import SluiceStore

extension CheckRule {
    /// I10: no other owner can read, list or cancel a job.
    ///
    /// The API token that sent a job shows whose it was when it came in.
    static let owners = [
        CheckRule(
            .owners,
            "a job belongs to the owner of the API token that sent it",
            """
            SELECT job.seq
            FROM job JOIN token ON token.id = job.token
            WHERE token.owner <> job.owner
            """
        )
    ]
}
