#ifndef CCURL_WATCH_H
#define CCURL_WATCH_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guard.h"

/// What one descriptor is in the epoll set for. libcurl takes a kept-alive connection out of the set after each request
/// and puts it back with the next, which are two system calls a request; so a connection stays in, and only if something
/// comes from it while nobody wants it, it is taken out.
typedef struct {
    uint32_t wanted, registered;
    /// Opened and closed by our callbacks, so that we know when its number gets another meaning.
    bool is_connection;
} watched;

typedef struct {
    int epoll;
    guard guard;
    watched *table;  // by descriptor
    size_t capacity;
} watch;

/// `lane` comes back with the events. False when the kernel refuses or memory is short.
bool watch_set(watch *watch, curl_socket_t socket, int what, uint32_t lane);
/// Whether an event is wanted. If not, it will not come again.
bool watch_wants(watch *watch, curl_socket_t socket);

curl_socket_t watch_open(watch *watch, struct curl_sockaddr *address);
/// For the option of this name; its data is the `watch`.
int watch_close(void *watch, curl_socket_t socket);

#endif
