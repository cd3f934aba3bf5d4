#ifndef CCURL_INFLOW_H
#define CCURL_INFLOW_H

#include <stdbool.h>
#include <stddef.h>

struct ccurl_transfer;

/// What an answer that is handed on as it arrives needs: the transfer's body holds what nobody has taken yet.
typedef struct {
    bool is_on;
    /// When so much was not taken, no more is received: libcurl reads much at once.
    size_t window;
    /// Taken and not taken together.
    size_t received;
    /// Nothing more is taken for now; and libcurl holds back what came meanwhile.
    bool is_full, is_held;
    /// In the loop's list of those of which something has arrived.
    bool is_listed;
    struct ccurl_transfer *next;
} inflow;

/// For libcurl's write function.
size_t inflow_receive(struct ccurl_transfer *transfer, const char *bytes, size_t count);
void inflow_unlist(struct ccurl_transfer *transfer);

#endif
