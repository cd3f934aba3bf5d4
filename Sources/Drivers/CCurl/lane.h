#ifndef CCURL_LANE_H
#define CCURL_LANE_H

#include "CCurl.h"
#include "watch.h"

/// One multi handle of a loop. For each request libcurl looks through the connections of a multi handle, one after the
/// other: with thousands that costs more than all else together, so the transfers are spread over several.
typedef struct {
    CURLM *multi;
    watch *watch;
    uint32_t index;
    /// Transfers in its hands.
    unsigned running;
    /// When libcurl wants its timer, in milliseconds of `milliseconds_now`; and since when nothing runs.
    int64_t due, idle_since;
    /// Whether libcurl was called since its finished transfers were last asked for.
    bool was_called;
} lane;

enum { NO_TIMER = -1 };

int64_t milliseconds_now(void);

/// NULL when memory is short.
lane *lane_new(watch *watch, uint32_t index, long maximum_host_connections, bool multiplex);
/// Closes its connections.
void lane_free(lane *lane);

void lane_remove(lane *lane, CURL *easy);
CURLMcode lane_serve(lane *lane, curl_socket_t socket, int mask);
/// Runs what is due.
CURLMcode lane_serve_timer(lane *lane);
/// Takes a finished transfer out; false when there is none.
bool lane_next_finished(lane *lane, ccurl_transfer **transfer, CURLcode *code);

#endif
