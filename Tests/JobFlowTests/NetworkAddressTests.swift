import JobFlow
import Testing

@Suite struct `Addresses that a stranger's URL may lead to` {
    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::7f00:1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:db8::1", "2002:a00:1::", "2002:7f00:1::", "3fff::1", "5f00::1", "4000::1",
    ])
    func `those that are not public are refused`(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(!AddressRules().permits(address))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700::1111", "2001:4860:4860::8888", "2001:200::1",
        "2a00:1450::1", "3ffe::1",
    ])
    func `public ones are permitted`(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(AddressRules().permits(address))
    }

    @Test func `what worker.json allows is permitted, whichever way it is spelled, and nothing beside it`() throws {
        let ranges = try ["10.1.0.0/16", "::1", "fd00::/8"].map { try #require(NetworkRange($0)) }
        let rules = AddressRules(allowed: ranges)
        for text in ["10.1.2.3", "::ffff:10.1.2.3", "::1", "fd12::9", "8.8.8.8"] {
            #expect(rules.permits(try #require(NetworkAddress(text))), "\(text)")
        }
        for text in ["10.2.0.1", "127.0.0.1", "::2", "fc00::1"] {
            #expect(!rules.permits(try #require(NetworkAddress(text))), "\(text)")
        }
    }

    @Test func `a block of no bits holds everything of its family`() throws {
        let (v4, v6) = (try #require(NetworkRange("0.0.0.0/0")), try #require(NetworkRange("::/0")))
        let (one, other) = (try #require(NetworkAddress("10.0.0.1")), try #require(NetworkAddress("fe80::1")))
        #expect(v4.contains(one) && !v4.contains(other))
        #expect(v6.contains(one) && v6.contains(other))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "0x7f.0.0.1", "1.2.3.4 ", "a.b.c.d", ":", ":::",
        "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1%eth0", "1.2.3.4::", "1:2:3:4:5:6:7:8::",
        "::1.2.3", "-1.2.3.4", "١.1.1.1",
    ])
    func `what is no address is none`(text: String) { #expect(NetworkAddress(text) == nil) }

    @Test(arguments: ["10.0.0.0/33", "::/129", "10.0.0.0/", "/8", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/ 8", "x/8"])
    func `what is no block is none`(text: String) { #expect(NetworkRange(text) == nil) }

    @Test func `an address has one value however it is written`() {
        #expect(NetworkAddress("::ffff:1.2.3.4") == NetworkAddress("1.2.3.4"))
        #expect(NetworkAddress("0:0:0:0:0:0:0:1") == NetworkAddress("::1"))
        #expect(NetworkAddress("2001:DB8::A") == NetworkAddress(high: 0x2001_0db8_0000_0000, low: 0xa))
    }
}
