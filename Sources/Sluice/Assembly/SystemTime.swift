import Glibc
import JobFlow

/// The system's wall clock, the one place where it is read.
enum SystemTime {
    static let now: WallClock = {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
