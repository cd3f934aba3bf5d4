#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lanes.h"
#include "transfer.h"

enum { EVENTS_A_TURN = 256 };

static const uint64_t WAKE = UINT64_MAX;  // no lane's event

struct ccurl_loop {
    watch watch;
    int wake;
    lanes lanes;
    bool is_broken;
    /// Transfers of which something has arrived.
    ccurl_transfer *arrived;
};

static bool open_descriptors(ccurl_loop *loop) {
    loop->watch.epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->watch.epoll < 0 || loop->wake < 0) return false;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = WAKE};
    return epoll_ctl(loop->watch.epoll, EPOLL_CTL_ADD, loop->wake, &event) == 0;
}

ccurl_loop *ccurl_loop_new(
    long maximum_connections, long maximum_host_connections, bool multiplex, ccurl_may_connect may_connect,
    void *context) {
    ccurl_loop *loop = calloc(1, sizeof *loop);
    if (!loop) return NULL;
    loop->watch.epoll = loop->wake = -1;
    loop->watch.guard = (guard){.may_connect = may_connect, .context = context};
    loop->lanes = (lanes){
        .watch = &loop->watch,
        .maximum_connections = maximum_connections,
        .maximum_host_connections = maximum_host_connections,
        .multiplex = multiplex,
    };
    if (!open_descriptors(loop) || !lanes_choose(&loop->lanes)) {
        ccurl_loop_free(loop);
        return NULL;
    }
    return loop;
}

void ccurl_loop_close(ccurl_loop *loop) { lanes_free(&loop->lanes); }

void ccurl_loop_free(ccurl_loop *loop) {
    ccurl_loop_close(loop);
    if (loop->watch.epoll >= 0) close(loop->watch.epoll);
    if (loop->wake >= 0) close(loop->wake);
    free(loop->watch.table);
    free(loop);
}

CURLMcode ccurl_loop_add(ccurl_loop *loop, ccurl_transfer *transfer, uint64_t id) {
    lane *lane = lanes_choose(&loop->lanes);
    transfer->id = id;
    curl_easy_setopt(transfer->easy, CURLOPT_CLOSESOCKETDATA, &loop->watch);
    CURLMcode code = curl_multi_add_handle(lane->multi, transfer->easy);
    if (code != CURLM_OK) return code;
    transfer->lane = lane;
    transfer->arrived = &loop->arrived;
    lane->running++;
    // At once, while what it is made of is in the processor's cache; and the caller learns whether it has its address.
    if (lane_serve_timer(lane) != CURLM_OK) loop->is_broken = true;
    return CURLM_OK;
}

void ccurl_loop_remove(ccurl_transfer *transfer) {
    inflow_unlist(transfer);
    lane_remove(transfer->lane, transfer->easy);
}

static int64_t earlier(int64_t one, int64_t other) {
    if (one == NO_TIMER || other == NO_TIMER) return one == NO_TIMER ? other : one;
    return one < other ? one : other;
}

static int wait_milliseconds(const ccurl_loop *loop, int limit) {
    int64_t due = lanes_next_end(&loop->lanes);
    for (size_t i = 0; i < loop->lanes.count; i++) due = earlier(due, loop->lanes.all[i]->due);
    if (due == NO_TIMER) return limit;
    int64_t left = due - milliseconds_now();
    if (left < 0) return 0;
    if (limit >= 0 && left > limit) return limit;
    return left > INT_MAX ? INT_MAX : (int)left;
}

static void swallow_wake(const ccurl_loop *loop) {
    uint64_t count;
    while (read(loop->wake, &count, sizeof count) < 0 && errno == EINTR) {}
}

static CURLMcode serve(ccurl_loop *loop, const struct epoll_event *event) {
    curl_socket_t socket = (curl_socket_t)(uint32_t)event->data.u64;
    if (!watch_wants(&loop->watch, socket)) return CURLM_OK;
    uint32_t events = event->events;
    int mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
    // An error concerns whichever direction libcurl has in mind; with an empty mask it looks for itself.
    if (events & (EPOLLERR | EPOLLHUP)) mask = 0;
    return lane_serve(loop->lanes.all[event->data.u64 >> 32], socket, mask);
}

static CURLMcode serve_timers(ccurl_loop *loop) {
    int64_t now = milliseconds_now();
    for (size_t i = 0; i < loop->lanes.count; i++) {
        lane *lane = loop->lanes.all[i];
        if (lane->due == NO_TIMER || lane->due > now) continue;
        CURLMcode code = lane_serve_timer(lane);
        if (code != CURLM_OK) return code;
    }
    lanes_give_up_idle(&loop->lanes, now);
    return CURLM_OK;
}

ccurl_turn ccurl_loop_turn(ccurl_loop *loop, int milliseconds) {
    if (loop->is_broken) return CCURL_BROKEN;
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(loop->watch.epoll, events, EVENTS_A_TURN, wait_milliseconds(loop, milliseconds));
    if (count < 0 && errno != EINTR) return CCURL_BROKEN;
    ccurl_turn turn = CCURL_IDLE;
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 == WAKE) {
            swallow_wake(loop);
            turn = CCURL_WOKEN;
        } else if (serve(loop, &events[i]) != CURLM_OK) {
            return CCURL_BROKEN;
        }
    }
    return serve_timers(loop) == CURLM_OK ? turn : CCURL_BROKEN;
}

bool ccurl_loop_next_finished(ccurl_loop *loop, uint64_t *id, CURLcode *code) {
    ccurl_transfer *transfer = NULL;
    for (size_t i = 0; i < loop->lanes.count; i++) {
        if (!loop->lanes.all[i]->was_called || !lane_next_finished(loop->lanes.all[i], &transfer, code)) continue;
        *id = transfer->id;
        inflow_unlist(transfer);
        return true;
    }
    return false;
}

bool ccurl_loop_next_arrived(ccurl_loop *loop, uint64_t *id) {
    ccurl_transfer *transfer = loop->arrived;
    if (!transfer) return false;
    loop->arrived = transfer->inflow.next;
    transfer->inflow.is_listed = false;
    *id = transfer->id;
    return true;
}

void ccurl_loop_wake(ccurl_loop *loop) {
    uint64_t one = 1;
    while (write(loop->wake, &one, sizeof one) < 0 && errno == EINTR) {}
}

void ccurl_block_signals(void) {
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT};
    sigset_t blocked;
    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) sigdelset(&blocked, crashes[i]);
    pthread_sigmask(SIG_BLOCK, &blocked, NULL);
}
