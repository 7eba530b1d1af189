import LoopbackProvider
import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceCurl

@Suite struct `Where a call may connect` {
    @Test(arguments: [
        "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "192.167.1.1", "100.63.255.255", "100.128.0.1",
        "169.253.1.1", "11.0.0.1", "223.255.255.255", "2606:4700::1", "2a00:1450::1", "2001:4860:4860::8888",
        "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808",
    ])
    func `addresses of the Internet are for everybody`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressClass(address) == .general)
        #expect(address.isAllowed(private: false, namesLoopback: false))
    }

    @Test(arguments: ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])
    func `this machine is for those who name it`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressClass(address) == .loopback)
        #expect(!address.isAllowed(private: false, namesLoopback: false))
        #expect(address.isAllowed(private: false, namesLoopback: true))
        #expect(address.isAllowed(private: true, namesLoopback: false))
    }

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.1", "100.127.255.255", "169.254.0.1",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.0.0.192", "198.18.0.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::2", "fc00::1", "fd00:ec2::254", "fe80::1",
        "febf::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:a00:1::1",
        "2002:7f00:1::", "2002:a9fe:a9fe::1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:db8::1",
        "2001::1", "::10.0.0.1", "3fff::1",
    ])
    func `private and special addresses are for rows that say so`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressClass(address) == .special)
        #expect(!address.isAllowed(private: false, namesLoopback: true))
        #expect(address.isAllowed(private: true, namesLoopback: false))
    }

    @Test(arguments: ["a.test", "", "1.2.3", "1.2.3.256", "::g", "localhost"])
    func `a name is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: ["1.2.3.4", "255.0.0.1", "2001:4860:0:0:0:0:0:8888", "0:0:0:0:0:0:0:1"])
    func `an address is written as it is read`(text: String) {
        #expect(IPAddress(text)?.description == text)
    }

    @Test(arguments: [
        "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data", "https://[fd00::1]/", "https://0/",
        "https://0x0a000001/", "https://012.1/", "https://[::ffff:10.0.0.1]/", "https://2852039166/",
    ])
    func `a literal address is checked however it is written`(url: String) async {
        let error = await CurlTransport.failure(of: call(url, body: "{}"))
        #expect(error?.kind == .forbiddenAddress)
        #expect(error?.requestSent == false)
    }

    @Test(arguments: ["127.0.0.1", "localhost", "LOCALHOST", "127.1", "2130706433", "0x7f.0.0.1"])
    func `this machine may be named in any way`(host: String) async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport { _ throws(LookupFailure) in throw LookupFailure("not asked") }
        let answer = try await transport.send(call("http://\(host):\(provider.port)/", body: "{}")).answer()
        #expect(answer.head?.status == 200)
    }

    @Test(arguments: ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1"])
    func `a name that leads to a forbidden address is refused`(text: String) async throws {
        let address = try #require(IPAddress(text))
        let transport = try CurlTransport { _ in [address] }
        let error = await transport.send(call("https://evil.test/", body: "{}")).failure()
        #expect(error?.kind == .forbiddenAddress)
        #expect(error?.requestSent == false)
    }

    @Test func `a name that leads to this machine is used when the row allows it`() async throws {
        let provider = try await LoopbackProvider.start()
        let transport = try CurlTransport { _ in [loopbackAddress] }
        let outgoing = call("http://Model.Test:\(provider.port)/v1", body: "{}", policy: open)
        _ = try await transport.send(outgoing).answer()
        #expect(provider.requests[0]["Host"]?.lowercased() == "model.test:\(provider.port)")
    }

    @Test func `the next address is tried when one does not answer`() async throws {
        let provider = try await LoopbackProvider.start()
        let elsewhere = try #require(IPAddress("127.0.0.2"))
        let six = try #require(IPAddress("::1"))
        let transport = try CurlTransport { _ in [six, elsewhere, loopbackAddress] }
        let outgoing = call("http://model.test:\(provider.port)/", body: "{}", policy: open)
        let answer = try await transport.send(outgoing).answer()
        #expect(answer.head?.status == 200)
    }
}
