#include "guard.h"

#include <netinet/in.h>
#include <string.h>

static bool write_bytes(const struct curl_sockaddr *address, uint8_t bytes[16]) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (address->family == AF_INET) {
        memcpy(bytes, mapped, sizeof mapped);
        memcpy(bytes + sizeof mapped, &((const struct sockaddr_in *)(const void *)&address->addr)->sin_addr, 4);
        return true;
    }
    if (address->family != AF_INET6) return false;
    memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)&address->addr)->sin6_addr, 16);
    return true;
}

bool guard_permits(const guard *guard, const struct curl_sockaddr *address) {
    if (!guard->may_connect) return true;
    uint8_t bytes[16];
    return write_bytes(address, bytes) && guard->may_connect(guard->context, bytes);
}
