#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "transfer.h"

enum { EVENTS_A_TURN = 256, NO_TIMER = -1 };

struct ccurl_loop {
    CURLM *multi;
    int epoll, wake;
    int64_t due;  // when libcurl wants its timer, in milliseconds of `now`
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    ccurl_loop *loop = context;
    // One more than asked, because `now` drops the fraction: a timer that fires early is asked for again and spins.
    loop->due = milliseconds < 0 ? NO_TIMER : milliseconds == 0 ? 0 : now() + milliseconds + 1;
    return 0;
}

static uint32_t interest(int what) {
    switch (what) {
        case CURL_POLL_IN: return EPOLLIN;
        case CURL_POLL_OUT: return EPOLLOUT;
        default: return EPOLLIN | EPOLLOUT;
    }
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    (void)easy;
    ccurl_loop *loop = context;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    struct epoll_event event = {.events = interest(what), .data.fd = socket};
    if (known && epoll_ctl(loop->epoll, EPOLL_CTL_MOD, socket, &event) == 0) return 0;
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, socket, &event) != 0) {
        if (errno != EEXIST || epoll_ctl(loop->epoll, EPOLL_CTL_MOD, socket, &event) != 0) return -1;
    }
    curl_multi_assign(loop->multi, socket, loop);
    return 0;
}

static bool open_descriptors(ccurl_loop *loop) {
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll < 0 || loop->wake < 0) return false;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = loop->wake};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) == 0;
}

ccurl_loop *ccurl_loop_new(long maximum_connections, long maximum_host_connections, bool multiplex) {
    ccurl_loop *loop = calloc(1, sizeof *loop);
    if (!loop) return NULL;
    loop->due = NO_TIMER;
    loop->epoll = loop->wake = -1;
    loop->multi = curl_multi_init();
    if (!loop->multi || !open_descriptors(loop)) {
        ccurl_loop_free(loop);
        return NULL;
    }
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, maximum_connections);
    curl_multi_setopt(loop->multi, CURLMOPT_MAX_HOST_CONNECTIONS, maximum_host_connections);
    curl_multi_setopt(loop->multi, CURLMOPT_PIPELINING, multiplex ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
    return loop;
}

void ccurl_loop_close(ccurl_loop *loop) {
    if (loop->multi) curl_multi_cleanup(loop->multi);
    loop->multi = NULL;
}

void ccurl_loop_free(ccurl_loop *loop) {
    ccurl_loop_close(loop);
    if (loop->epoll >= 0) close(loop->epoll);
    if (loop->wake >= 0) close(loop->wake);
    free(loop);
}

CURLMcode ccurl_loop_add(ccurl_loop *loop, ccurl_transfer *transfer, uint64_t id) {
    transfer->id = id;
    return curl_multi_add_handle(loop->multi, transfer->easy);
}

void ccurl_loop_remove(ccurl_loop *loop, ccurl_transfer *transfer) {
    curl_multi_remove_handle(loop->multi, transfer->easy);
}

static int wait_milliseconds(const ccurl_loop *loop, int limit) {
    if (loop->due == NO_TIMER) return limit;
    int64_t left = loop->due - now();
    if (left < 0) return 0;
    if (limit >= 0 && left > limit) return limit;
    return left > INT_MAX ? INT_MAX : (int)left;
}

static CURLMcode serve(ccurl_loop *loop, curl_socket_t socket, uint32_t events) {
    int mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
    // An error concerns whichever direction libcurl has in mind; with an empty mask it looks for itself.
    if (events & (EPOLLERR | EPOLLHUP)) mask = 0;
    int running;
    return curl_multi_socket_action(loop->multi, socket, mask, &running);
}

static CURLMcode serve_timer(ccurl_loop *loop) {
    if (loop->due == NO_TIMER || loop->due > now()) return CURLM_OK;
    loop->due = NO_TIMER;
    int running;
    return curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static void swallow_wake(const ccurl_loop *loop) {
    uint64_t count;
    while (read(loop->wake, &count, sizeof count) < 0 && errno == EINTR) {}
}

ccurl_turn ccurl_loop_turn(ccurl_loop *loop, int milliseconds) {
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(loop->epoll, events, EVENTS_A_TURN, wait_milliseconds(loop, milliseconds));
    if (count < 0 && errno != EINTR) return CCURL_BROKEN;
    ccurl_turn turn = CCURL_IDLE;
    for (int i = 0; i < count; i++) {
        if (events[i].data.fd == loop->wake) {
            swallow_wake(loop);
            turn = CCURL_WOKEN;
        } else if (serve(loop, events[i].data.fd, events[i].events) != CURLM_OK) {
            return CCURL_BROKEN;
        }
    }
    return serve_timer(loop) == CURLM_OK ? turn : CCURL_BROKEN;
}

bool ccurl_loop_next_finished(ccurl_loop *loop, uint64_t *id, CURLcode *code) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(loop->multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL *easy = message->easy_handle;
        ccurl_transfer *transfer = NULL;
        *code = message->data.result;  // removing the handle frees the message
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
        *id = transfer->id;
        curl_multi_remove_handle(loop->multi, easy);
        return true;
    }
    return false;
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
