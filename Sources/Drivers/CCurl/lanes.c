#include "lanes.h"

#include <stdlib.h>

// A lane of 256 connections costs little more than one of 64, and has few descriptors and hash tables of its own.
enum { LANE_WIDTH = 256, LANE_IDLE_MILLISECONDS = 60 * 1000 };

/// The connections to keep are divided among the lanes there are.
static void divide_connections(lanes *lanes) {
    long share = lanes->maximum_connections / (long)lanes->count;
    for (size_t i = 0; i < lanes->count; i++)
        curl_multi_setopt(lanes->all[i]->multi, CURLMOPT_MAXCONNECTS, share > 0 ? share : 1L);
}

static lane *add_lane(lanes *lanes) {
    lane **all = realloc(lanes->all, (lanes->count + 1) * sizeof *all);
    if (!all) return NULL;
    lanes->all = all;
    lane *new = lane_new(lanes->watch, (uint32_t)lanes->count, lanes->maximum_host_connections, lanes->multiplex);
    if (!new) return NULL;
    all[lanes->count++] = new;
    divide_connections(lanes);
    return new;
}

// A limit for a host, and streams that share a connection, are within one multi handle only.
static size_t maximum_count(const lanes *lanes) {
    if (lanes->maximum_host_connections > 0 || lanes->multiplex) return 1;
    return (size_t)lanes->maximum_connections / LANE_WIDTH;
}

lane *lanes_choose(lanes *lanes) {
    lane *emptiest = lanes->count > 0 ? lanes->all[0] : NULL;
    for (size_t i = 0; i < lanes->count; i++) {
        if (lanes->all[i]->running < LANE_WIDTH) return lanes->all[i];
        if (lanes->all[i]->running < emptiest->running) emptiest = lanes->all[i];
    }
    lane *new = lanes->count == 0 || lanes->count < maximum_count(lanes) ? add_lane(lanes) : NULL;
    return new ? new : emptiest;
}

// libcurl looks at idle connections only when it looks for one, so an unused lane would keep its sockets long after their
// servers have closed them.
int64_t lanes_next_end(const lanes *lanes) {
    if (lanes->count <= 1) return NO_TIMER;
    const lane *last = lanes->all[lanes->count - 1];
    return last->running > 0 ? NO_TIMER : last->idle_since + LANE_IDLE_MILLISECONDS;
}

void lanes_give_up_idle(lanes *lanes, int64_t now) {
    size_t before = lanes->count;
    for (int64_t end = lanes_next_end(lanes); end != NO_TIMER && end <= now; end = lanes_next_end(lanes))
        lane_free(lanes->all[--lanes->count]);
    if (lanes->count != before) divide_connections(lanes);
}

void lanes_free(lanes *lanes) {
    for (size_t i = 0; i < lanes->count; i++) lane_free(lanes->all[i]);
    free(lanes->all);
    lanes->all = NULL;
    lanes->count = 0;
}
