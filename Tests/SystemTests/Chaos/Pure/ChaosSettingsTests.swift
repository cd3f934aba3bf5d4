import Testing

struct ChaosSettingsTests {
    @Test func `without a word it is one round with short leases`() {
        let settings = ChaosSettings(environment: [:])
        #expect(settings.rounds == 1)
        #expect(settings.lease == .seconds(2))
    }

    @Test func `minutes become rounds`() {
        #expect(ChaosSettings(environment: ["SLUICE_CHAOS_MINUTES": "10"]).rounds == 10)
        let long = ["SLUICE_CHAOS_MINUTES": "10", "SLUICE_CHAOS_LEASE_SECONDS": "30"]
        #expect(ChaosSettings(environment: long).rounds == 3)
    }
}
