#ifndef CCURL_LANES_H
#define CCURL_LANES_H

#include "lane.h"

/// The lanes of a loop: more while more runs, and fewer again when that is over.
typedef struct {
    lane **all;
    size_t count;
    watch *watch;
    long maximum_connections, maximum_host_connections;
    bool multiplex;
} lanes;

/// The first that is not full, for the connections that were used last to be used again; else the emptiest. NULL when
/// there is none and memory is short.
lane *lanes_choose(lanes *lanes);
/// When the last lane is given up for being idle; the first never is.
int64_t lanes_next_end(const lanes *lanes);
void lanes_give_up_idle(lanes *lanes, int64_t now);
void lanes_free(lanes *lanes);

#endif
