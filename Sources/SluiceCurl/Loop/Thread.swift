import CCurl
import Glibc

/// Starts a detached thread that runs `body` once.
///
/// Signals of the process are not for it: they are blocked, `SIGPIPE` among them, which OpenSSL's writes to a dead
/// connection would raise. Those a thread brings on itself by a fault stay, so that a crash is still reported.
///
/// `name` has at most 15 bytes and is seen in `top -H`.
///
/// - Returns: false when the system gives no thread.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    let start = ThreadStart(name: name, body: body)
    let argument = unsafe Unmanaged.passRetained(start)
    var old = sigset_t()
    var blocked = sigset_t()
    unsafe sigfillset(&blocked)
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT] {
        unsafe sigdelset(&blocked, fault)
    }
    unsafe pthread_sigmask(SIG_SETMASK, &blocked, &old)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &old, nil) }

    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

    var thread = pthread_t()
    let status = unsafe pthread_create(
        &thread,
        &attributes,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
            unsafe ccurl_name_thread(start.name)
            start.body()
            return nil
        },
        argument.toOpaque()
    )
    if status != 0 { unsafe argument.release() }
    return status == 0
}

private final class ThreadStart: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
