import Glibc

/// The connections of a test server, on its thread.
struct ServerConnections {
    private struct Connection {
        var received: [UInt8] = []
        var pieces: [[UInt8]] = []
        var closesWhenSent = false
        var served = 0
    }

    private let listener: Int32
    private let manner: TestServer.Manner
    private let gate: Int
    private var open: [Int32: Connection] = [:]
    private var atGate: [Int32] = []
    private let counter: TestServer.Counter

    init(listener: Int32, manner: TestServer.Manner, gate: Int, counter: TestServer.Counter) {
        self.listener = listener
        self.manner = manner
        self.gate = gate
        self.counter = counter
    }

    /// One turn: at most 5 ms when there is nothing to do.
    mutating func serve() {
        var polled = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        for (descriptor, connection) in open {
            let events = connection.pieces.isEmpty ? POLLIN : POLLIN | POLLOUT
            polled.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        }
        _ = unsafe poll(&polled, nfds_t(polled.count), 5)
        for entry in polled.dropFirst() where entry.revents != 0 { serve(entry.fd) }
        if polled[0].revents != 0 { accept() }
    }

    mutating func close() {
        for descriptor in open.keys { Glibc.close(descriptor) }
        Glibc.close(listener)
    }

    private mutating func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            counter.count { $0.accepted += 1 }
            switch manner {
            case .resetsOnAccept: LoopbackSocket.reset(descriptor)
            case .polite: open[descriptor] = Connection()
            }
        }
    }

    private mutating func serve(_ descriptor: Int32) {
        guard receive(descriptor) else {
            counter.count { $0.ended += 1 }
            return end(descriptor)
        }
        guard var connection = open[descriptor] else { return }
        let request = ServerRequest(takenFrom: &connection.received)
        open[descriptor] = connection
        if let request { answer(request, descriptor) }
        send(descriptor)
    }

    /// False when the client has ended the connection.
    private mutating func receive(_ descriptor: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 { return errno == EAGAIN }
            if count == 0 { return false }
            open[descriptor]?.received += buffer[..<count]
        }
    }

    private mutating func answer(_ request: ServerRequest, _ descriptor: Int32) {
        counter.count { $0.requests += 1 }
        let earlier = open[descriptor]?.served ?? 0
        open[descriptor]?.served += 1
        switch ServerReply.to(request, earlierOnConnection: earlier) {
        case .send(let bytes): open[descriptor]?.pieces = [bytes]
        case .pieces(let pieces): open[descriptor]?.pieces = pieces
        case .sendAndClose(let bytes):
            open[descriptor]?.pieces = [bytes]
            open[descriptor]?.closesWhenSent = true
        case .hang: break
        case .reset:
            open[descriptor] = nil
            LoopbackSocket.reset(descriptor)
        case .gate: waitAtGate(descriptor)
        }
    }

    private mutating func waitAtGate(_ descriptor: Int32) {
        atGate.append(descriptor)
        guard atGate.count >= gate else { return }
        for waiting in atGate { open[waiting]?.pieces = [ServerReply.ok([])] }
        atGate = []
    }

    private mutating func send(_ descriptor: Int32) {
        guard let piece = open[descriptor]?.pieces.first else { return }
        let sent = unsafe Glibc.send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
        if sent < 0, errno == EAGAIN { return }
        if sent < 0 { return end(descriptor) }
        open[descriptor]?.pieces.removeFirst()
        if sent < piece.count { open[descriptor]?.pieces.insert(Array(piece[sent...]), at: 0) }
        if open[descriptor]?.pieces.isEmpty == true, open[descriptor]?.closesWhenSent == true { end(descriptor) }
    }

    private mutating func end(_ descriptor: Int32) {
        open[descriptor] = nil
        Glibc.close(descriptor)
    }
}
