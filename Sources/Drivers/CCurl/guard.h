#ifndef CCURL_GUARD_H
#define CCURL_GUARD_H

#include "CCurl.h"

/// Who is asked before a connection is opened.
typedef struct {
    ccurl_may_connect may_connect;
    void *context;
} guard;

/// An address of another family than IPv4 and IPv6 is refused by a guard that asks.
bool guard_permits(const guard *guard, const struct curl_sockaddr *address);

#endif
