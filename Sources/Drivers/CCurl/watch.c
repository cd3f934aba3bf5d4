#define _GNU_SOURCE
#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 256 };

static watched *entry(watch *watch, curl_socket_t socket) {
    size_t needed = (size_t)socket + 1;
    if (needed > watch->capacity) {
        size_t capacity = watch->capacity ? watch->capacity : FIRST_CAPACITY;
        while (capacity < needed) capacity *= 2;
        watched *table = realloc(watch->table, capacity * sizeof *table);
        if (!table) return NULL;
        memset(table + watch->capacity, 0, (capacity - watch->capacity) * sizeof *table);
        watch->table = table;
        watch->capacity = capacity;
    }
    return &watch->table[socket];
}

static uint32_t interest(int what) {
    switch (what) {
        case CURL_POLL_IN: return EPOLLIN;
        case CURL_POLL_OUT: return EPOLLOUT;
        case CURL_POLL_INOUT: return EPOLLIN | EPOLLOUT;
        default: return 0;
    }
}

static void forget(watch *watch, curl_socket_t socket, watched *one) {
    if (one->registered) epoll_ctl(watch->epoll, EPOLL_CTL_DEL, socket, NULL);
    one->registered = 0;
}

/// Of the sockets that are no connections (a look-up's) we do not know whether they are in the set.
static bool enter(watch *watch, curl_socket_t socket, struct epoll_event *event) {
    if (watch->table[socket].registered && epoll_ctl(watch->epoll, EPOLL_CTL_MOD, socket, event) == 0) return true;
    if (epoll_ctl(watch->epoll, EPOLL_CTL_ADD, socket, event) == 0) return true;
    return errno == EEXIST && epoll_ctl(watch->epoll, EPOLL_CTL_MOD, socket, event) == 0;
}

bool watch_set(watch *watch, curl_socket_t socket, int what, uint32_t lane) {
    watched *one = entry(watch, socket);
    if (!one) return false;
    one->wanted = interest(what);
    if (!one->wanted) {
        if (!one->is_connection) forget(watch, socket, one);
        return true;
    }
    if (one->is_connection && one->wanted == one->registered) return true;
    struct epoll_event event = {.events = one->wanted, .data.u64 = (uint64_t)lane << 32 | (uint32_t)socket};
    if (!enter(watch, socket, &event)) return false;
    one->registered = one->wanted;
    return true;
}

bool watch_wants(watch *watch, curl_socket_t socket) {
    watched *one = &watch->table[socket];
    if (one->wanted) return true;
    forget(watch, socket, one);
    return false;
}

curl_socket_t watch_open(watch *watch, struct curl_sockaddr *address) {
    int opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (opened < 0) return CURL_SOCKET_BAD;
    watched *one = entry(watch, opened);
    if (!one) {
        close(opened);
        return CURL_SOCKET_BAD;
    }
    memset(one, 0, sizeof *one);
    one->is_connection = true;
    return opened;
}

int watch_close(void *context, curl_socket_t socket) {
    watched *one = entry(context, socket);
    // Closing takes it out of the epoll set, too.
    if (one) memset(one, 0, sizeof *one);
    return close(socket);
}
