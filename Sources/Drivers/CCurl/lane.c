#define _GNU_SOURCE
#include "lane.h"

#include <stdlib.h>
#include <time.h>

int64_t milliseconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    lane *lane = context;
    // One more than asked, because the clock drops the fraction: a timer that fires early is asked for again and spins.
    lane->due = milliseconds < 0 ? NO_TIMER : milliseconds == 0 ? 0 : milliseconds_now() + milliseconds + 1;
    return 0;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    (void)easy, (void)known;
    lane *lane = context;
    return watch_set(lane->watch, socket, what, lane->index) ? 0 : -1;
}

lane *lane_new(watch *watch, uint32_t index, long maximum_host_connections, bool multiplex) {
    lane *new = calloc(1, sizeof *new);
    if (!new) return NULL;
    new->multi = curl_multi_init();
    if (!new->multi) {
        free(new);
        return NULL;
    }
    new->watch = watch;
    new->index = index;
    new->due = NO_TIMER;
    curl_multi_setopt(new->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(new->multi, CURLMOPT_SOCKETDATA, new);
    curl_multi_setopt(new->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(new->multi, CURLMOPT_TIMERDATA, new);
    curl_multi_setopt(new->multi, CURLMOPT_MAX_HOST_CONNECTIONS, maximum_host_connections);
    curl_multi_setopt(new->multi, CURLMOPT_PIPELINING, multiplex ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING);
    return new;
}

void lane_free(lane *lane) {
    curl_multi_cleanup(lane->multi);
    free(lane);
}

void lane_remove(lane *lane, CURL *easy) {
    curl_multi_remove_handle(lane->multi, easy);
    if (--lane->running == 0) lane->idle_since = milliseconds_now();
}

CURLMcode lane_serve(lane *lane, curl_socket_t socket, int mask) {
    int running;
    lane->was_called = true;
    return curl_multi_socket_action(lane->multi, socket, mask, &running);
}

CURLMcode lane_serve_timer(lane *lane) {
    lane->due = NO_TIMER;
    return lane_serve(lane, CURL_SOCKET_TIMEOUT, 0);
}

bool lane_next_finished(lane *lane, ccurl_transfer **transfer, CURLcode *code) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(lane->multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        CURL *easy = message->easy_handle;
        *code = message->data.result;  // removing the handle frees the message
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)transfer);
        lane_remove(lane, easy);
        return true;
    }
    lane->was_called = false;
    return false;
}
