import CCurl
import Glibc
package import SluiceProvider
import Synchronization

/// The transport on libcurl: one thread for all calls, however many wait.
///
/// A call is sent at most once: nothing is repeated, no redirect followed, no proxy asked. On the wire is what the call
/// says, and `Host`, `User-Agent` (unless the call has one) and, with a method other than GET and HEAD,
/// `Content-Length`. ``shutDown()`` ends the
/// thread; so does letting go of the object, once no call runs.
package final class CurlTransport: Transport {
    /// Why there can be no transport: a sentence.
    package struct StartError: Error, Sendable, CustomStringConvertible {
        /// The sentence.
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// libcurl wants to be initialised once, before any other call; it is never taken back.
    private static let initialised: CURLcode = curl_global_init(CLong(CURL_GLOBAL_ALL))

    private let mailbox: Mailbox
    private let lastID = Atomic<UInt64>(0)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - userAgent: the `User-Agent` of calls that have none of their own; empty for none.
    ///   - threadName: what the thread is called in `top -H`, at most 11 bytes; look-ups run as the same with `-dns`.
    ///   - kept: how many connections to providers of one policy are open at most before those without a call are closed.
    ///   - lookup: finds a host's addresses; may block.
    /// - Throws: ``StartError`` when libcurl or the system gives what is needed not.
    package init(
        userAgent: String = "sluice",
        threadName: String = "sluice-curl",
        kept: Int = 8192,
        lookup: @escaping Lookup = systemLookup
    ) throws(StartError) {
        guard CurlTransport.initialised == CURLE_OK else { throw StartError("libcurl can't be initialised") }
        let mailbox = try Mailbox()
        let epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw StartError("the system gives no epoll descriptor (errno \(errno))") }
        self.mailbox = mailbox
        let started = startThread(named: threadName) {
            let lookups = LookupPool(threadName: threadName + "-dns", lookup: lookup)
            let done = Loop(mailbox: mailbox, epoll: epoll, lookups: lookups, userAgent: userAgent, kept: kept).run()
            for tell in done { tell() }
        }
        guard started else {
            close(epoll)
            throw StartError("the system gives no thread")
        }
    }

    deinit {
        _ = mailbox.post(.shutDown(done: {}))
    }

    /// Starts the call; what is wrong with it is the events' error.
    package func send(_ call: OutgoingCall) -> TransportEvents {
        let id = lastID.add(1, ordering: .relaxed).newValue
        // Holding on to the transport keeps it running for as long as a call does.
        let (events, stream) = TransportEvents.make(
            giveUp: { _ = self.mailbox.post(.cancel(id: id)) },
            drain: { _ = self.mailbox.post(.drain(id: id)) }
        )
        do throws(TransportError) {
            let request = try PreparedCall(call)
            if !mailbox.post(.start(id: id, request, stream)) {
                throw TransportError(.cancelled, requestSent: false, "The gateway stops.")
            }
        } catch {
            stream.finish(throwing: error)
        }
        return events
    }

    /// Ends all calls with `cancelled`, closes all connections and ends the thread; later calls end the same way.
    package func shutDown() async {
        await withCheckedContinuation { continuation in
            if !mailbox.post(.shutDown(done: { continuation.resume() })) { continuation.resume() }
        }
    }
}
