#ifndef CCURL_SINK_H
#define CCURL_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes gathered. The limit is for who receives.
typedef struct {
    uint8_t *bytes;
    size_t count, capacity, limit;
} sink;

/// Room for so many bytes more, and no larger than that takes. False when memory is short.
bool sink_reserve(sink *sink, size_t count);
/// False when memory is short.
bool sink_append(sink *sink, const char *bytes, size_t count);
/// Empty again. A large buffer is freed.
void sink_reset(sink *sink);

#endif
