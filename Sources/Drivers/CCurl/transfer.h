#ifndef CCURL_TRANSFER_H
#define CCURL_TRANSFER_H

#include "CCurl.h"

/// Bytes received, up to a limit.
typedef struct {
    uint8_t *bytes;
    size_t count, capacity, limit;
} sink;

struct ccurl_transfer {
    CURL *easy;
    struct curl_slist *headers;
    uint64_t id;
    sink head, body;
    bool head_is_complete, too_large, repeatable;
    char error[CURL_ERROR_SIZE];
};

#endif
