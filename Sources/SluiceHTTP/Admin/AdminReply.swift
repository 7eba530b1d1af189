/// What the admin API answers: JSON, problem details from status 400 on.
package struct AdminReply: Sendable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
