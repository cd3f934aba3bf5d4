extension Model.Step: CustomStringConvertible {
    var description: String {
        switch self {
        case .accept: "the intake answers 202"
        case .submit(let delivery): "the intake submits\(delivery)"
        case .claim(let party, let delivery): "\(party) claims\(delivery)"
        case .renew(let party): "\(party) renews its claim"
        case .finish(let party): "\(party) journals its outcome"
        case .retry(let party): "\(party) journals that the job has to be tried again"
        case .settle(let party, let open, let delivery): "\(party) settles its open row \(open + 1)\(delivery)"
        case .cancel(let delivery): "a client cancels\(delivery)"
        case .crash(let party): "\(party) crashes and comes back"
        case .leaseEnds: "the lease ends, nobody knows of the claim"
        case .suspension: "the lease ends, the holder is suspended"
        case .takeBack: "the claim is taken back"
        case .promote: "the retry is due"
        case .strayArrives: "the request that went astray is executed"
        case .saveToDisk: "the server's disk has all of this"
        case .loseWrites: "the server comes back with what its disk has"
        case .restore(let party, let delivery): "\(party) tells the server an outcome of its journal\(delivery)"
        case .arrive(let party): "\(party) has told all"
        }
    }
}

extension Model.Party: CustomStringConvertible {
    var description: String {
        switch self {
        case .intake: "the intake"
        case .first: "worker 1"
        case .second: "worker 2"
        }
    }
}

extension Model.Delivery: CustomStringConvertible {
    var description: String {
        switch self {
        case .answered: ""
        case .replyLost: ", and the reply is lost"
        case .stray: ", and the request goes astray"
        }
    }
}
