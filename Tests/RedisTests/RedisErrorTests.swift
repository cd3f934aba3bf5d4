import Testing

@testable import Redis

@Suite struct RedisErrorTests {
    @Test(
        arguments: [
            ("LOADING Redis is loading the dataset in memory", .notReady),
            ("MASTERDOWN Link with MASTER is down", .notReady),
            ("CLUSTERDOWN The cluster is down", .notReady),
            ("TRYAGAIN Multiple keys request during rehashing of slot", .notReady),
            ("BUSY Redis is busy running a script.", .notReady),
            ("MISCONF Redis is configured to save RDB snapshots", .notReady),
            ("READONLY You can't write against a read only replica.", .readOnly),
            ("OOM command not allowed when used memory > 'maxmemory'.", .outOfMemory),
            ("NOREPLICAS Not enough good replicas to write.", .noReplicas),
            ("NOAUTH Authentication required.", .authentication),
            ("WRONGPASS invalid username-password pair", .authentication),
            ("NOPERM this user has no permissions", .authentication),
            ("ERR max number of clients reached", .maxClients),
            ("UNBLOCKED force unblock from blocking operation", .unblocked),
            ("NOGROUP No such key 'a' or consumer group 'b'", .noGroup),
        ] as [(String, RedisError.Code)])
    func `a refusal has its code and was not executed`(message: String, code: RedisError.Code) {
        let error = RedisError(reply: message)
        #expect(error.code == code)
        #expect(!error.wasSent)
        #expect(error.isRetriable == (code != .authentication))
    }

    @Test(arguments: [
        "ERR unknown command", "WRONGTYPE Operation against", "BUSYGROUP Consumer Group name exists", "BUSYKEY",
    ])
    func `any other error reply belongs to its command`(message: String) {
        let error = RedisError(reply: message)
        #expect(error.code == .command)
        #expect(error.wasSent)
        #expect(!error.isRetriable)
    }

    @Test func `arguments that the server repeats are not shown`() {
        let error = RedisError(reply: "ERR unknown command 'NOSUCH', with args beginning with: 'a prompt' ")
        #expect(error.message == "ERR unknown command 'NOSUCH'")
    }

    @Test func `a refusal inside a script may come after a part of it`() {
        let error = RedisError(reply: "NOGROUP No such key 'a' script: 0123, on @user_script:1.")
        #expect(error.code == .noGroup)
        #expect(error.wasSent)
    }
}
