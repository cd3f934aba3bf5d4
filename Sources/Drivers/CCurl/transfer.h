#ifndef CCURL_TRANSFER_H
#define CCURL_TRANSFER_H

#include "CCurl.h"
#include "inflow.h"
#include "lane.h"
#include "sink.h"

struct ccurl_transfer {
    CURL *easy;
    /// Header lines, one NUL-terminated string after the other, and libcurl's list of them.
    sink request_head, request_body;
    struct curl_slist *lines;
    size_t line_count, line_capacity;
    uint64_t id;
    /// Since when libcurl's figures are about this exchange and not about the one before; NULL before that.
    lane *lane;
    sink head, body;
    inflow inflow;
    /// The loop's list of transfers of which something has arrived.
    ccurl_transfer **arrived;
    /// How often libcurl began to send the request.
    unsigned sendings;
    bool head_is_complete, too_large, repeatable, address_was_refused;
    char error[CURL_ERROR_SIZE];
};

#endif
